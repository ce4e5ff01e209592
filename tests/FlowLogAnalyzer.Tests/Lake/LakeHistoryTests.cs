using System.Text.Json;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Cli;
using FlowLogAnalyzer.Tests.Lake.OtherEngines;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

public sealed class LakeHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Lake => _folder["lake"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_commit_of_flowlogs_says_what_it_did_and_why()
    {
        await WorkedOnAsync();

        var history = await LakeHistory.ReadAsync((await FlowLake.OpenAsync(Lake)).Tuples.Delta.Log, 100);

        Assert.Equal(["CREATE TABLE", "WRITE", "WRITE", "OPTIMIZE", "WRITE", "ARCHIVE POSITIONS", "DELETE"], history.Reverse().Select(h => h.Operation));
        Assert.Equal([null, 40L, 60L, 100L, 20L, 0L, 0L], history.Reverse().Select(h => h.Operation == "CREATE TABLE" ? null : h.RowsAdded));
        var (optimize, rewritten) = (history.Single(h => h.Operation == "OPTIMIZE"), history.First(h => h.Operation == "WRITE"));
        Assert.Equal((2, 1, 100L, false), (optimize.FilesRemoved, optimize.FilesAdded, optimize.RowsRemoved, optimize.ChangesRows));
        Assert.Equal((1, 100L, true), (rewritten.FilesRemoved, rewritten.RowsRemoved, rewritten.ChangesRows));
        Assert.Contains("rewritten", rewritten.Story.Parameters["reason"], StringComparison.Ordinal);
        Assert.Equal(20, history[0].RowsRemoved);
        Assert.Equal([true, false], new[] { history[^2], rewritten }.Select(h => h.Story.IsBlindAppend));
        Assert.Equal(["Serializable", "SnapshotIsolation"], new[] { rewritten, optimize }.Select(h => h.Story.IsolationLevel));
        Assert.All(history, h => Assert.Matches(@"^FlowLogAnalyzer/\d+\.\d+\.\d+$", h.Story.Engine));
    }

    [Fact]
    public async Task Parameters_and_metrics_are_texts_as_Spark_reads_them_and_agree_with_the_actions()
    {
        await WorkedOnAsync();

        foreach (var file in Directory.GetFiles(Path.Combine(Lake, "tuples", "_delta_log"), "*.json").Where(f => !f.EndsWith("0.json", StringComparison.Ordinal)))
        {
            var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
            using var first = JsonDocument.Parse(lines[0]);
            var info = first.RootElement.GetProperty("commitInfo");
            Assert.All(new[] { "operationParameters", "operationMetrics", "tags" }, map => Assert.All(info.GetProperty(map).EnumerateObject(), p => Assert.Equal(JsonValueKind.String, p.Value.ValueKind)));
            Assert.Equal($"{lines.Count(l => l.StartsWith("{\"add\"", StringComparison.Ordinal))}", info.GetProperty("operationMetrics").GetProperty("numAddedFiles").GetString());
            Assert.Equal($"{lines.Count(l => l.StartsWith("{\"remove\"", StringComparison.Ordinal))}", info.GetProperty("operationMetrics").GetProperty("numRemovedFiles").GetString());
        }
    }

    [Fact]
    public async Task The_newest_versions_are_shown_first_and_a_table_that_is_not_there_is_no_success_in_silence()
    {
        await WorkedOnAsync();

        var run = await CliRun.Of("lake", "history", "--lake", Lake, "--limit", "2", "--output", "json");
        var none = await CliRun.Of("lake", "history", "--lake", Lake, "--table", "nothing");

        Assert.Equal(["DELETE", "ARCHIVE POSITIONS"], run.Json.EnumerateArray().Select(e => e.GetProperty("operation").GetString()));
        Assert.Equal(20, run.Json[0].GetProperty("rows_removed").GetInt64());
        Assert.Contains("has no table 'nothing': nothing was looked at", none.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spark-delete", "DELETE", 2628)]
    [InlineData("spark-optimize", "OPTIMIZE", 0)]
    [InlineData("spark-restore", "RESTORE", 8034)]
    public async Task Commits_of_other_engines_are_told_in_the_same_words(string name, string operation, long gone)
    {
        await SharedLakes.UnpackAsync(name, Lake);

        var newest = (await LakeHistory.ReadAsync((await FlowLake.OpenAsync(Lake)).Tuples.Delta.Log, 100))[0];

        Assert.Equal(operation, newest.Operation);
        Assert.Equal(gone, newest.RowsRemoved - newest.RowsAdded);
        Assert.StartsWith("Apache-Spark/4.0.1", newest.Story.Engine, StringComparison.Ordinal);
        Assert.NotEmpty(newest.Story.Metrics);
        Assert.NotEmpty(newest.Story.Parameters);
    }

    /// <summary>A blob that grows, is merged, is rewritten at its source, and whose date is then dropped.</summary>
    private async Task WorkedOnAsync()
    {
        var (logs, later) = (_folder["logs"], LogBlobs.Hour.AddDays(1));
        LogBlobs.Write(logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 2)));
        await Ingests.RunAsync(Lake, logs);
        LogBlobs.Write(logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 5)), version: 2);
        await Ingests.RunAsync(Lake, logs);
        var lake = await FlowLake.OpenAsync(Lake);
        await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = new DateOnly(2100, 1, 1) });
        LogBlobs.Write(logs, 1, LogBlobs.Whole(LogBlobs.Records(7, 1)), version: 3);
        await Ingests.RunAsync(Lake, logs);
        await new PositionRetirement(lake, TimeProvider.System).RunAsync(new DateOnly(2100, 1, 1));
        // Dropping every row has to be meant.
        await new LakeRetention(lake).RunAsync(DateOnly.FromDateTime(later), force: true);
    }
}
