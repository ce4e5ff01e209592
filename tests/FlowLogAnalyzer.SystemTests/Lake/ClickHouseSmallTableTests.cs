using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;
using static FlowLogAnalyzer.Tests.Lake.SmallTableRows;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>A table of the inventory's kind, read by an engine that is not ours.</summary>
public sealed class ClickHouseSmallTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ClickHouse_reads_every_type()
    {
        var table = (await FlowLake.OpenAsync(_folder.Path)).Table("inventory", Columns);
        await table.AppendAsync([Full, Empty]);

        var rows = await ClickHouse.QueryAsync($"select * from deltaLakeLocal('{_folder["inventory"]}') order by name");

        Assert.Equal(["a", "text ü", "5000000000", "7", "3", "True", "2026-11-22", "2026-11-22 10:00:00.123000"], rows[0][0]);
        Assert.Equal(["b", "", "", "", "", "", "", ""], rows[0][1]);
    }
}
