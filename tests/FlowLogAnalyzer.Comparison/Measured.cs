using System.Diagnostics;
using FlowLogAnalyzer.Bench;

namespace FlowLogAnalyzer.Comparison;

/// <summary>One run of a contestant in a process of its own.</summary>
/// <param name="Name">The contestant.</param>
/// <param name="Rows">Rows it saw.</param>
/// <param name="Wall">Seconds on the clock.</param>
/// <param name="Cpu">Seconds of processor time, user and system, of all its threads.</param>
/// <param name="Allocated">Managed bytes allocated while it was timed.</param>
/// <param name="PeakBytes">The largest resident memory of the process.</param>
/// <param name="OutputBytes">Bytes of the Parquet files it left.</param>
internal sealed record Measured(string Name, long Rows, double Wall, double Cpu, long Allocated, long PeakBytes, long OutputBytes)
{
    /// <summary>Runs over some blobs first, so that code is compiled and buffers are there, then over all of them.</summary>
    public static async Task<Measured> RunAsync(IContestant contestant, IReadOnlyList<string> files, string scratch)
    {
        for (var i = 0; i < 3; i++)
            await contestant.RunAsync([.. files.Take(Math.Max(4, files.Count / 16))], Fresh(scratch));
        var output = Fresh(scratch);
        var (allocated, cpu, start) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var rows = await contestant.RunAsync(files, output);
        var measured = new Measured(
            contestant.Name, rows, Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
            GC.GetTotalAllocatedBytes(precise: true) - allocated, ProcessMemory.Peak(), Directory.GetFiles(output, "*.parquet", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length));
        Directory.Delete(output, recursive: true);
        return measured;
    }

    private static string Fresh(string scratch)
    {
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
        return Directory.CreateDirectory(scratch).FullName;
    }
}
