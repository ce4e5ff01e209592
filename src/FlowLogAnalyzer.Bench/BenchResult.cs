namespace FlowLogAnalyzer.Bench;

/// <summary>One way from logs to Parquet files, once.</summary>
/// <param name="Way">What did it: <c>flowlog</c> or <c>duckdb</c>.</param>
/// <param name="Bytes">Of the logs, as they lie.</param>
/// <param name="Rows">That came out.</param>
/// <param name="Seconds">On the clock.</param>
/// <param name="ProcessorSeconds">Of all threads, user and system.</param>
public sealed record BenchResult(string Way, long Bytes, long Rows, double Seconds, double ProcessorSeconds)
{
    /// <summary>Bytes of the Parquet files.</summary>
    public long OutputBytes { get; init; }

    /// <summary>The largest resident memory while it ran.</summary>
    public long PeakBytes { get; init; }

    /// <summary>Managed bytes that were allocated per row, from the first byte to the last; null for what is not managed.</summary>
    public double? AllocatedPerRow { get; init; }

    /// <summary>The same of the second half of the logs alone, when all buffers are there; null when the run is too short to tell.</summary>
    public double? SteadyAllocatedPerRow { get; init; }

    public double MegabytesPerSecond => Bytes / Seconds / 1e6;

    public double RowsPerSecond => Rows / Seconds;

    public double OutputBytesPerRow => Rows == 0 ? 0 : (double)OutputBytes / Rows;

    /// <summary>The run that is neither the fastest nor the slowest.</summary>
    public static BenchResult Median(IReadOnlyList<BenchResult> runs) => runs.OrderBy(r => r.Seconds).ElementAt(runs.Count / 2);
}
