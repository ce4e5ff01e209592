using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>docs/scale.md says of some statements that they were executed: here.</summary>
public sealed class ScaleDocsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_statements_for_ClickHouse_run_as_they_stand_there()
    {
        LogBlobs.Write(_folder["logs"], 1, LogBlobs.Whole(LogBlobs.Records(1, 3, tuples: 10)).Replace(",T,I,A,E,", ",T,I,D,B,", StringComparison.Ordinal));
        await Ingests.RunAsync(_folder["lake"], _folder["logs"]);
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.Root, "docs", "scale.md"), TestContext.Current.CancellationToken);
        var block = page[page.IndexOf("**ClickHouse**", StringComparison.Ordinal)..].Split("```sql\n")[1].Split("```")[0];

        var statements = block.Replace("/path/to/lake", _folder["lake"], StringComparison.Ordinal).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var answers = await ClickHouse.QueryAsync(statements);

        Assert.Equal(4, statements.Length);
        Assert.Equal(["2026-11-20", "UserRule_AllowWeb", "30"], Assert.Single(answers[^1]));
    }
}
