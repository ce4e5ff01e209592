using System.Diagnostics;
using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>What <c>check --timings</c> tells.</summary>
internal static class TimingsNote
{
    public static void Write(IReadOnlyList<CheckStep> steps, Invocation call)
    {
        call.Note($"{"seconds",9} {"processor",9}  step");
        foreach (var step in steps.OrderByDescending(s => s.Elapsed))
            call.Note(string.Create(CultureInfo.InvariantCulture, $"{step.Elapsed.TotalSeconds,9:0.00} {step.Processor.TotalSeconds,9:0.00}  {step.Name}"));
        using var process = Process.GetCurrentProcess();
        call.Note(string.Create(CultureInfo.InvariantCulture,
            $"{(call.Host.Clock.GetLocalNow().DateTime - process.StartTime).TotalSeconds,9:0.00} {process.TotalProcessorTime.TotalSeconds,9:0.00}  all, with a peak of {process.PeakWorkingSet64 / 1048576.0:0} MiB of memory"));
    }
}
