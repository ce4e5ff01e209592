using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>A table of the inventory's kind, read by an engine that is not ours.</summary>
public sealed class ClickHouseSmallTableTests : IDisposable
{
    private static readonly Column[] Columns =
    [
        new("name", ColumnType.String, false, "a name", true),
        new("text", ColumnType.String, true, "a text"),
        new("number", ColumnType.Long, true, "a number", true),
        new("count", ColumnType.Integer, true, "a count"),
        new("small", ColumnType.Short, true, "a small one"),
        new("yes", ColumnType.Boolean, true, "a flag"),
        new("day", ColumnType.Date, true, "a day", true),
        new("at", ColumnType.Timestamp, true, "a time", true),
    ];

    private static readonly object?[] Full = ["a", "text ü", 5_000_000_000L, 7, (short)3, true, new DateOnly(2026, 11, 22), new DateTime(2026, 11, 22, 10, 0, 0, 123, DateTimeKind.Utc)];
    private static readonly object?[] Empty = ["b", null, null, null, null, null, null, null];
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
