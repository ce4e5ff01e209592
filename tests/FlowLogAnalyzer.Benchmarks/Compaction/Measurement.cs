using System.Diagnostics;
using FlowLogAnalyzer.Bench;

namespace FlowLogAnalyzer.Benchmarks.Compaction;

/// <summary>What a contestant cost in its process.</summary>
/// <param name="Rows">That it handled.</param>
/// <param name="Bytes">That it wrote.</param>
/// <param name="Seconds">On the clock.</param>
/// <param name="ProcessorSeconds">Of all threads, compilation at run time included.</param>
/// <param name="PeakBytes">The largest resident memory of the process.</param>
internal sealed record Measurement(long Rows, long Bytes, double Seconds, double ProcessorSeconds, long PeakBytes)
{
    /// <summary>Runs the work, which returns rows and bytes written.</summary>
    public static async Task<Measurement> OfAsync(Func<Task<(long Rows, long Bytes)>> work)
    {
        var (processor, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var (rows, bytes) = await work();
        return new Measurement(rows, bytes, Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds, ProcessMemory.Peak());
    }

    public static Measurement Parse(string line)
    {
        var cells = line.Trim().Split(' ');
        return new Measurement(long.Parse(cells[0]), long.Parse(cells[1]), double.Parse(cells[2]), double.Parse(cells[3]), long.Parse(cells[4]));
    }

    /// <summary>The run whose processor time is in the middle.</summary>
    public static Measurement Median(IReadOnlyList<Measurement> runs) => runs.OrderBy(r => r.ProcessorSeconds).ElementAt(runs.Count / 2);

    public string Cells(Measurement compaction)
    {
        var nanoseconds = 1e9 * ProcessorSeconds / Rows;
        var bytes = Bytes == 0 ? "" : ((double)Bytes / Rows).ToString("0.0");
        return $"{Rows / Seconds / 1e6:0.00} | {nanoseconds:0} | {Seconds / compaction.Seconds:0.00} | {ProcessorSeconds / compaction.ProcessorSeconds:0.00} | {PeakBytes >> 20} | {bytes}";
    }

    public override string ToString() => $"{Rows} {Bytes} {Seconds} {ProcessorSeconds} {PeakBytes}";
}
