using System.Diagnostics;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>
/// The pipeline in a process of its own, to be killed: this assembly is started again to run one test that nobody else
/// runs, which ingests what the environment says.
/// </summary>
public sealed class IngestChild
{
    private const string Variable = "FLOWLOG_TEST_INGEST";

    /// <summary>
    /// Starts an ingest and kills it a while after it has begun, or after its first commit: on a busy machine a time alone
    /// would kill them all before they did anything. False when it was done before.
    /// </summary>
    internal static async Task<bool> RunAndKillAsync(string lake, string source, TimeSpan after, bool afterCommit)
    {
        var marker = lake + ".started";
        File.Delete(marker);
        var commits = Commits(lake);
        using var process = Start(lake, source);
        var output = process.StandardOutput.ReadToEndAsync();
        while (!process.HasExited && (!File.Exists(marker) || (afterCommit && Commits(lake) == commits)))
            await Task.Delay(5);

        using var patience = new CancellationTokenSource(after);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync();
            return true;
        }

        Assert.True(process.ExitCode == 0 && File.Exists(marker), await output);
        return false;
    }

    [Fact(Explicit = true)]
    public async Task Ingests_what_the_environment_says()
    {
        var parts = Environment.GetEnvironmentVariable(Variable)?.Split('|');
        Assert.SkipWhen(parts is null, "Only for the child process.");
        var options = new IngestOptions(await FlowLake.OpenAsync(parts![0])) { CommitRows = 3000, CommitInterval = TimeSpan.FromMilliseconds(50) };
        await File.WriteAllTextAsync(parts[0] + ".started", "");

        var summary = await IngestPipeline.RunAsync(options, [new LocalBlobSource(parts[1])]);

        Assert.Equal(0, summary.Blobs.Failed);
    }

    private static int Commits(string lake)
    {
        var log = Path.Combine(lake, "tuples", "_delta_log");
        return Directory.Exists(log) ? Directory.GetFiles(log, "*.json").Length : 0;
    }

    private static Process Start(string lake, string source)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        string[] arguments = [typeof(IngestChild).Assembly.Location, "-explicit", "only", "-class", typeof(IngestChild).FullName!];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[Variable] = lake + "|" + source;
        return Process.Start(start)!;
    }
}
