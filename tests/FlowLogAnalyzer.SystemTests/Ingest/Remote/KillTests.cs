using System.Diagnostics;
using System.Globalization;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest.Remote;

/// <summary>
/// The real program, killed at random instants while blobs grow, on a lake in a folder and in storage. Ten kills per test;
/// FLOWLOG_TEST_KILLS=200 makes it a long run (docs/how-to/read-from-storage.md has the command).
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static int Kills { get; } = int.Parse(Environment.GetEnvironmentVariable("FLOWLOG_TEST_KILLS") ?? "10", CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public Task Ingests_killed_at_random_instants_end_with_the_rows_of_one_clean_reading(int ingesters, bool upkeep) =>
        KillAsync(_folder["lake"], ingesters, upkeep);

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public async Task The_same_holds_for_a_lake_in_storage(int ingesters, bool upkeep) =>
        await KillAsync($"{(await Azurite.ContainerAsync()).Uri}/lake", ingesters, upkeep);

    private async Task KillAsync(string lake, int ingesters, bool upkeep)
    {
        var logs = await RemoteLogs.CreateAsync();
        var run = new KillRun(logs, lake, _folder["cache"]);
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(logs, stop.Token);
        var keeping = upkeep ? run.UpkeepAsync(stop.Token) : Task.FromResult(0);
        var watch = Stopwatch.StartNew();

        await run.KillAsync(ingesters, Kills);
        await stop.CancelAsync();
        var commits = await writing;
        var upkeeps = await keeping;
        var before = (await RowsAsync(logs, lake)).Length;
        await run.FinishAsync();

        var expected = await logs.CleanRowsAsync();
        output.WriteLine($"{run.Killed} kills of {ingesters} ingests at once in {watch.Elapsed.TotalSeconds:0} s, {commits} commits of {logs.Writer.Names.Count()} blobs, {upkeeps} runs of compact and vacuum; "
            + $"{before} rows were there before the last run, {expected.Length} after it.");
        Assert.Equal(Kills, run.Killed);
        Assert.True(before > 0);
        Assert.Equal(expected, await RowsAsync(logs, lake));
    }

    /// <summary>Commits of a simulated cluster, one after the other, until the killing is over.</summary>
    private static async Task<int> WriteAsync(RemoteLogs logs, CancellationToken stop)
    {
        var count = 0;
        var hour = TimeProvider.System.GetUtcNow(); // of the processes that read: they follow what is recent
        var options = new LabOptions { Format = LogFormat.NsgV2, Start = new DateTimeOffset(hour.Year, hour.Month, hour.Day, hour.Hour, 0, 0, TimeSpan.Zero), Minutes = Math.Min(24 * 60, 5 + (Kills * 3)) };
        foreach (var commit in LabRunner.Commits(LabScenarios.Find("healthy-cluster")!, options))
        {
            if (stop.IsCancellationRequested)
                break;
            await logs.Writer.CommitAsync(commit.Path, commit.Records);
            count++;
            await Task.Delay(120, CancellationToken.None);
        }

        return count;
    }

    private async Task<string[]> RowsAsync(RemoteLogs logs, string lake) =>
        await LakeRows.AllAsync(await FlowLake.OpenAsync(lake, new LakeOptions { Access = logs.Access(), CacheFolder = _folder["cache"] }));
}
