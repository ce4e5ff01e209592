using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Ingest;

/// <summary>A blob that was read and whose rows and position wait for a commit.</summary>
internal sealed record ReadBlob(BlobPlan Plan, BlobPosition Position)
{
    /// <summary>What the parser did; null when only the position changes.</summary>
    public BlobReadResult? Result { get; init; }

    public IReadOnlyList<TupleBatch> Batches { get; init; } = [];

    /// <summary>Rows that did not fit into memory, in files that are not committed yet.</summary>
    public IReadOnlyList<AddFile> Spilled { get; init; } = [];

    /// <summary>Rows in <see cref="Batches"/>.</summary>
    public int BufferedRows { get; init; }
}
