using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>Which blob to read and how.</summary>
public sealed record BlobReadRequest(BlobIdentity Blob)
{
    /// <summary>Index of the first record in the stream; above 0 when an earlier read took the records before it.</summary>
    public int FirstRecordIndex { get; init; }

    /// <summary>What messages call the blob; null = its key.</summary>
    public string? Name { get; init; }

    /// <summary>Where in the blob the stream begins, for messages.</summary>
    public long FirstByte { get; init; }

    /// <summary>
    /// The bytes begin inside a blob, right after its last whole record: <c>,{...}]}</c>, <c>]}</c>, or parts of these.
    /// </summary>
    public bool IsContinuation { get; init; }

    /// <summary>The blob's hour is over, so that a missing end is a cut and not growth. Only the message differs.</summary>
    public bool HourIsClosed { get; init; } = true;

    /// <summary>A batch is handed over at the first record boundary at or above this many rows.</summary>
    public int BatchRows { get; init; } = 131072;

    /// <summary>Rows that are likely to come, if known: saves growing step by step, and memory.</summary>
    public long ExpectedRows { get; init; } = 4096;

    /// <summary>Where batches are taken from; who gets them from the reader gives them back. Null = every batch is a new one.</summary>
    public TupleBatchPool? Pool { get; init; }

    /// <summary>Texts of blobs that were read before this one and not at the same time. Null = they are all new.</summary>
    internal Utf8StringPool? Texts { get; init; }

    /// <summary>Surplus commas between records and bytes behind the end fail the blob instead of being counted, and of a blob that fails nothing is used.</summary>
    public bool Strict { get; init; }

    /// <summary>How many rejections are described one by one; all are counted.</summary>
    public int MaxRejectionSamples { get; init; } = 20;

    /// <summary>Longest single text (tuple, name or value), in bytes.</summary>
    public int MaxTextBytes { get; init; } = 1 << 20;

    /// <summary>Most rows of one record. Azure cuts records at 32 KB, about 600 tuples.</summary>
    public int MaxRecordRows { get; init; } = 1_000_000;

    /// <summary>Most bytes that gzip data may expand to.</summary>
    public long MaxExpandedBytes { get; init; } = 8L << 30;
}
