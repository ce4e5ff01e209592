using System.Diagnostics;
using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>
/// The pipeline in a process of its own, to be killed: this assembly started again with a variable set runs an ingest
/// before any test framework wakes up.
/// </summary>
internal static class IngestChild
{
    private const string Variable = "FLOWLOG_TEST_INGEST";

    /// <summary>Starts an ingest and kills it after a while; false when it was done before.</summary>
    public static async Task<bool> RunAndKillAsync(string lake, string source, TimeSpan after)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(IngestChild).Assembly.Location);
        start.Environment[Variable] = lake + "|" + source;
        using var process = Process.Start(start)!;
        var ready = await process.StandardOutput.ReadLineAsync();
        Assert.Equal("started", ready);
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

        Assert.Equal(0, process.ExitCode);
        return false;
    }

#pragma warning disable CA2255 // A test assembly is an application: this is how it becomes another program before its Main runs.
    [ModuleInitializer]
    internal static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
            return;

        // Other threads must not run code of this assembly before its initializer has ended: all that runs there is the library's.
        var parts = text.Split('|');
        Console.Out.WriteLine("started");
        Console.Out.Flush();
        var lake = FlowLake.OpenAsync(parts[0]).AsTask().GetAwaiter().GetResult();
        var options = new IngestOptions(lake) { CommitRows = 3000, CommitInterval = TimeSpan.FromMilliseconds(50) };
        var summary = IngestPipeline.RunAsync(options, [new LocalBlobSource(parts[1])]).GetAwaiter().GetResult();
        Environment.Exit(summary.Blobs.Failed == 0 ? 0 : 2);
    }
#pragma warning restore CA2255
}
