using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;
using static FlowLogAnalyzer.Tests.Lake.SmallTableRows;

namespace FlowLogAnalyzer.Tests.Lake;

public sealed class SmallTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reads_what_was_appended_and_what_replaced_it()
    {
        var table = (await FlowLake.OpenAsync(_folder.Path)).Table("inventory", Columns);
        Assert.Empty(await table.ReadAllAsync());

        await table.AppendAsync([Full]);
        await table.AppendAsync([Empty]);
        Assert.Equal([Full, Empty], await table.ReadAllAsync());

        await table.ReplaceAsync([Empty, Full]);
        Assert.Equal([Empty, Full], await (await FlowLake.OpenAsync(_folder.Path)).Table("inventory", Columns).ReadAllAsync());

        await table.ReplaceAsync([]);
        Assert.Empty(await table.ReadAllAsync());
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            var table = (await FlowLake.OpenAsync(_folder.Path)).Table("notes", Columns[..1]);
            await table.AppendAsync([[$"n{i:00}"]]);
        }));

        var rows = await (await FlowLake.OpenAsync(_folder.Path)).Table("notes", Columns[..1]).ReadAllAsync();

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"n{i:00}"), rows.Select(r => (string)r[0]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_row_with_too_few_cells_or_a_null_that_is_not_allowed_is_refused()
    {
        var table = (await FlowLake.OpenAsync(_folder.Path)).Table("inventory", Columns);

        await Assert.ThrowsAsync<ArgumentException>(async () => await table.AppendAsync([["a"]]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await table.AppendAsync([[null, null, null, null, null, null, null, null]]));
    }
}
