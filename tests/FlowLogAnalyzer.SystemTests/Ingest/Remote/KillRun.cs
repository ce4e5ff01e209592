using FlowLogAnalyzer.Tests.Cli;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest.Remote;

/// <summary>Processes of the program over one lake: some of them killed, some doing upkeep, and one at the end that may finish.</summary>
internal sealed class KillRun(RemoteLogs logs, string lake, string cache)
{
    private readonly Random _random = new(20261123);
    private int _killed;

    public int Killed => _killed;

    /// <summary>Keeps <paramref name="ingesters"/> following ingests alive and kills one of them at a time.</summary>
    public async Task KillAsync(int ingesters, int kills)
    {
        await Task.WhenAll(Enumerable.Range(0, ingesters).Select(async _ =>
        {
            while (Interlocked.Increment(ref _killed) is var mine && mine <= kills)
                await RunAndKillAsync();
            Interlocked.Decrement(ref _killed);
        }));
    }

    /// <summary>A run that nobody kills.</summary>
    public async Task FinishAsync()
    {
        var run = await CliRun.Of(["ingest", logs.Address, "--lake", lake, "--output", "json"], null, Variables);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    /// <summary>Compaction and vacuum, over and over; the number of runs that came to their end.</summary>
    public async Task<int> UpkeepAsync(CancellationToken stop)
    {
        var done = 0;
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            string[] arguments = i % 2 == 0
                ? ["lake", "compact", "--before", "2027-01-01", "--lake", lake]
                : ["lake", "vacuum", "--keep-days", "0.001", "--lake", lake];
            var run = await CliRun.Of(arguments, null, Variables);
            if (run.ExitCode == 0)
                done++;
            else
                Assert.Contains("There is no lake", run.Error, StringComparison.Ordinal); // before the first commit
        }

        return done;
    }

    private (string, string?)[] Variables => [("AZURE_STORAGE_CONNECTION_STRING", logs.Connection), ("FLOWLOG_CACHE", cache)];

    private async Task RunAndKillAsync()
    {
        using var process = CliRun.Start(["ingest", logs.Address, "--lake", lake, "--follow", "--every", "1"], Variables);
        var error = process.StandardError;
        Assert.Contains("Following", await error.ReadLineAsync() ?? "(nothing)", StringComparison.Ordinal);
        int wait;
        lock (_random)
            wait = _random.Next(3) == 0 ? _random.Next(3000, 7000) : _random.Next(20, 3000); // some get far, most do not
        await Task.Delay(wait);
        Assert.False(process.HasExited, process.HasExited ? await error.ReadToEndAsync() : "");
        process.Kill();
        await process.WaitForExitAsync();
    }
}
