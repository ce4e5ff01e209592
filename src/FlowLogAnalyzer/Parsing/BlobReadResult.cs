using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// What one read did. The law that holds for every input: <see cref="TuplesSeen"/> = <see cref="Rows"/> + the sum of
/// <see cref="Rejected"/>. A record that is cut off by the end of the stream counts in none of them: the next read sees it.
/// </summary>
public sealed record BlobReadResult
{
    public required BlobOutcome Outcome { get; init; }

    /// <summary>Whole sentences for a person; null when there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>For <see cref="BlobOutcome.Skipped"/>: the category the blob has instead; null when it has none.</summary>
    public string? Category { get; init; }

    /// <summary>For <see cref="BlobOutcome.Failed"/>: why.</summary>
    public RejectionReason? Failure { get; init; }

    /// <summary>For <see cref="BlobOutcome.Failed"/>: the byte of the (decompressed) stream that could not be read.</summary>
    public long? ErrorOffset { get; init; }

    /// <summary>Bytes taken from the stream as stored (compressed bytes for gzip).</summary>
    public long BytesRead { get; init; }

    /// <summary>Bytes of text, equal to <see cref="BytesRead"/> unless compressed.</summary>
    public long TextBytes { get; init; }

    /// <summary>
    /// Bytes from the start of the stream to right behind the last whole record, where a continuation starts; 0 when there
    /// is none, and for compressed data, which cannot be continued.
    /// </summary>
    public long ResumeOffset { get; init; }

    public bool IsCompressed { get; init; }

    /// <summary>Whole records, rejected ones included.</summary>
    public int Records { get; init; }

    public int RecordsRejected { get; init; }

    public long TuplesSeen { get; init; }

    public long Rows { get; init; }

    /// <summary>Tuples that gave no row; a tuple in a rejected record counts under the record's reason.</summary>
    public required IReadOnlyDictionary<RejectionReason, long> Rejected { get; init; }

    /// <summary>Records that were rejected as a whole, whether they held tuples or not.</summary>
    public required IReadOnlyDictionary<RejectionReason, long> RejectedRecords { get; init; }

    public required IReadOnlyList<Rejection> Samples { get; init; }

    /// <summary>Rows by single flag; a row with two flags counts under both.</summary>
    public required IReadOnlyDictionary<QualityFlags, long> Flags { get; init; }

    /// <summary>Commas between records that JSON does not allow and that were tolerated.</summary>
    public long SurplusCommas { get; init; }

    /// <summary>Bytes behind the end of the records that were not read.</summary>
    public long TrailingBytes { get; init; }

    /// <summary>
    /// True when the rows handed over may be kept: those of the whole records before the place where a blob is cut off or
    /// damaged. False when there is no such record, in strict mode, and for data that expands without end.
    /// </summary>
    public required bool RowsAreGood { get; init; }
}
