using System.Diagnostics;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using Parquet;

namespace FlowLogAnalyzer.Bench;

/// <summary>The whole way, timed: JSON files to a committed lake in a folder of its own.</summary>
public sealed class IngestBench(IReadOnlyList<string> paths, string scratch, CompressionMethod compression)
{
    /// <summary>Ingests everything once into a new lake, which is deleted afterwards.</summary>
    public async Task<(BenchResult Result, IngestSummary Summary)> RunAsync(CancellationToken ct)
    {
        var folder = Path.Combine(scratch, "lake-" + Guid.NewGuid().ToString("N"));
        try
        {
            var lake = await FlowLake.OpenAsync(folder, new LakeOptions { Compression = compression }, ct);
            ProcessMemory.ResetPeak();
            var allocation = new AllocationMeter(BytesOf(paths));
            var (processor, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            var summary = await IngestPipeline.RunAsync(new IngestOptions(lake), [.. paths.Select(p => new LocalBlobSource(p))], allocation, ct);
            var result = new BenchResult("flowlog", summary.BytesRead, summary.Rows, Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds)
            {
                OutputBytes = BytesBelow(folder, "*.parquet"),
                PeakBytes = ProcessMemory.Peak(),
            };
            return (allocation.Add(result), summary);
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    internal static long BytesBelow(string folder, string pattern) =>
        Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);

    private static long BytesOf(IReadOnlyList<string> paths) => paths.Sum(p => Directory.Exists(p) ? BytesBelow(p, "*") : new FileInfo(p).Length);
}
