using FlowLogAnalyzer.Ingest;

namespace FlowLogAnalyzer.Bench;

/// <summary>What an ingest allocates, by the runtime's counter: over all of it, and once half of the logs are read.</summary>
internal sealed class AllocationMeter(long bytes) : IProgress<IngestProgress>
{
    private readonly long _start = GC.GetTotalAllocatedBytes(precise: true);
    private long _halfAllocated;
    private long _halfRows;

    public void Report(IngestProgress value)
    {
        if (_halfRows > 0 || value.BytesRead < bytes / 2 || value.BytesRead >= bytes)
            return;
        (_halfAllocated, _halfRows) = (GC.GetTotalAllocatedBytes(precise: true), value.Tuples);
    }

    public BenchResult Add(BenchResult to)
    {
        var end = GC.GetTotalAllocatedBytes(precise: true);
        return to with
        {
            AllocatedPerRow = to.Rows == 0 ? null : (double)(end - _start) / to.Rows,
            SteadyAllocatedPerRow = _halfRows == 0 || _halfRows >= to.Rows ? null : (double)(end - _halfAllocated) / (to.Rows - _halfRows),
        };
    }
}
