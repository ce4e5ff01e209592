using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FlowLogAnalyzer.Ingest;

/// <summary>Blobs by what became of them: <c>Seen = Read + Unchanged + Skipped + Failed</c>.</summary>
/// <param name="Seen">Listed, with the places that could not be listed.</param>
/// <param name="Read">Read, and their rows committed.</param>
/// <param name="Unchanged">Known to the lake as they are.</param>
/// <param name="Skipped">Empty, without records, no flow log, given twice, or gone since they were listed.</param>
/// <param name="Failed">Unreadable, or damaged: of these the whole records before the damage are committed, and nothing else.</param>
public sealed record BlobCounts(long Seen, long Read, long Unchanged, long Skipped, long Failed);

/// <summary>Why a blob, or a part of it, is not in the lake.</summary>
public enum RefusalKind
{
    /// <summary>Unreadable, at least from some byte on. A reason to end with an error.</summary>
    Failed,

    /// <summary>Its hour is over and it ends in the middle: the whole records before were taken. A reason to end with an error.</summary>
    Incomplete,

    /// <summary>Passed over; no error.</summary>
    Skipped,
}

/// <summary>A blob that was refused: its path, how, and a whole sentence about why.</summary>
public sealed record Refusal(string Blob, RefusalKind Outcome, string Message)
{
    /// <summary>True when the content is what failed: trying again is of no use until somebody writes the blob anew.</summary>
    public bool OfContent { get; init; }

    /// <summary>True for a file that neither looks like a flow log nor is named like one.</summary>
    public bool IsForeign { get; init; }
}

/// <summary>A blob that was rewritten at its source: how many rows of it went, and how many came.</summary>
public sealed record Replacement(string Blob, long RowsBefore, long RowsAfter);

/// <summary>What a run did; <see cref="ToJson"/> is part of the command line's contract.</summary>
public sealed record IngestSummary
{
    public required BlobCounts Blobs { get; init; }

    /// <summary>Blobs that are flow logs: read now or earlier, or damaged. Without one, nothing was looked at.</summary>
    public long FlowLogs { get; init; }

    /// <summary>Whole records that were read, rejected ones included.</summary>
    public long Records { get; init; }

    /// <summary>Tuples in them: <c>Tuples = Rows + rejected ones</c>.</summary>
    public long Tuples { get; init; }

    /// <summary>Rows committed to the lake.</summary>
    public long Rows { get; init; }

    /// <summary>Tuples that gave no row, by the parser's name of the reason.</summary>
    public required IReadOnlyDictionary<string, long> Rejected { get; init; }

    /// <summary>Records that were rejected as a whole, by reason; their tuples are in <see cref="Rejected"/>.</summary>
    public required IReadOnlyDictionary<string, long> RejectedRecords { get; init; }

    /// <summary>Bytes taken from the sources.</summary>
    public long BytesRead { get; init; }

    /// <summary>Data files committed.</summary>
    public long Files { get; init; }

    public long Commits { get; init; }

    /// <summary>Rows of earlier runs that were taken out because their blob was rewritten.</summary>
    public long RowsReplaced { get; init; }

    /// <summary>Of which blobs these were, by path.</summary>
    public IReadOnlyList<Replacement> Replaced { get; init; } = [];

    /// <summary>The longest time between the last change of a blob and its rows in the lake; null when nothing was read.</summary>
    public TimeSpan? Lag { get; init; }

    public double Seconds { get; init; }

    /// <summary>By path.</summary>
    public required IReadOnlyList<Refusal> Refused { get; init; }

    /// <summary>The first rejected tuples and records, as the parser describes them.</summary>
    public required IReadOnlyList<Parsing.Rejection> Samples { get; init; }

    public long RejectedTotal => Rejected.Values.Sum();

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var w = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true }))
            Write(w);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteStartObject("blobs");
        w.WriteNumber("seen", Blobs.Seen);
        w.WriteNumber("read", Blobs.Read);
        w.WriteNumber("unchanged", Blobs.Unchanged);
        w.WriteNumber("skipped", Blobs.Skipped);
        w.WriteNumber("failed", Blobs.Failed);
        w.WriteEndObject();
        w.WriteNumber("records", Records);
        w.WriteNumber("tuples", Tuples);
        w.WriteNumber("rows", Rows);
        w.WriteStartObject("rejected");
        w.WriteNumber("total", RejectedTotal);
        Reasons(w, "byReason", Rejected);
        w.WriteEndObject();
        Reasons(w, "rejectedRecords", RejectedRecords);
        w.WriteNumber("bytesRead", BytesRead);
        w.WriteNumber("files", Files);
        w.WriteNumber("commits", Commits);
        w.WriteNumber("rowsReplaced", RowsReplaced);
        w.WriteStartArray("replaced");
        foreach (var replacement in Replaced)
            WriteReplacement(w, replacement);
        w.WriteEndArray();
        if (Lag is { } lag)
            w.WriteNumber("lagSeconds", Math.Round(lag.TotalSeconds, 1));
        w.WriteNumber("seconds", Math.Round(Seconds, 3));
        w.WriteStartArray("refused");
        foreach (var refusal in Refused)
            WriteRefusal(w, refusal);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void Reasons(Utf8JsonWriter w, string name, IReadOnlyDictionary<string, long> reasons)
    {
        w.WriteStartObject(name);
        foreach (var (reason, count) in reasons.OrderBy(r => r.Key, StringComparer.Ordinal))
            w.WriteNumber(reason, count);
        w.WriteEndObject();
    }

    private static void WriteReplacement(Utf8JsonWriter w, Replacement replacement)
    {
        w.WriteStartObject();
        w.WriteString("blob", replacement.Blob);
        w.WriteNumber("rowsBefore", replacement.RowsBefore);
        w.WriteNumber("rowsAfter", replacement.RowsAfter);
        w.WriteEndObject();
    }

    private static void WriteRefusal(Utf8JsonWriter w, Refusal refusal)
    {
        w.WriteStartObject();
        w.WriteString("blob", refusal.Blob);
        w.WriteString("outcome", refusal.Outcome.ToString().ToLowerInvariant());
        w.WriteString("message", refusal.Message);
        w.WriteEndObject();
    }
}

/// <summary>How far a run is.</summary>
/// <param name="BlobsSeen">Listed so far.</param>
/// <param name="BlobsDone">Read, unchanged, skipped or failed.</param>
/// <param name="BytesListed">Of the listed blobs that are to be read, as far as they are to be read.</param>
/// <param name="BytesRead">Taken from the sources.</param>
/// <param name="Tuples">Parsed.</param>
/// <param name="RowsCommitted">In the lake.</param>
/// <param name="ListingDone">True when the first two numbers will not grow any more.</param>
/// <param name="Elapsed">Since the start.</param>
public sealed record IngestProgress(
    long BlobsSeen, long BlobsDone, long BytesListed, long BytesRead, long Tuples, long RowsCommitted, bool ListingDone, TimeSpan Elapsed);
