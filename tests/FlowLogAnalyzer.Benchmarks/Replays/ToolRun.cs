using System.Diagnostics;

namespace FlowLogAnalyzer.Benchmarks.Replays;

/// <summary>The tool, run once as a user runs it, with what that cost.</summary>
/// <param name="Output">What it printed.</param>
/// <param name="Seconds">On the clock, with the start of the process.</param>
/// <param name="ProcessorSeconds">Of all its threads, user and system.</param>
/// <param name="PeakBytes">The largest resident memory.</param>
internal sealed record ToolRun(string Output, double Seconds, double ProcessorSeconds, long PeakBytes)
{
    public static async Task<ToolRun> RunAsync(IReadOnlyList<string> arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "flowlog.dll"), .. arguments]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var (peak, processor) = (0L, TimeSpan.Zero);

        // Both figures only grow and are gone with the process: the last look is short of the end by one interval at most.
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(20)))
        {
            process.Refresh();
            (peak, processor) = Look(process, peak, processor);
        }

        var text = await output;
        return process.ExitCode is 0 or 3
            ? new ToolRun(text, Stopwatch.GetElapsedTime(start).TotalSeconds, processor.TotalSeconds, peak)
            : throw new InvalidOperationException($"flowlog {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }

    private static (long Peak, TimeSpan Processor) Look(Process process, long peak, TimeSpan processor)
    {
        try
        {
            return (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime);
        }
        catch (InvalidOperationException)
        {
            // It ended between the two questions.
            return (peak, processor);
        }
    }
}
