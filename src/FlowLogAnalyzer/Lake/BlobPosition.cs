using System.Text;
using System.Text.Json;

namespace FlowLogAnalyzer.Lake;

/// <summary>
/// How far a blob was read: committed together with the rows that were read, one Delta domain per blob. Everything that
/// is needed to tell "unchanged", "has grown" and "was rewritten" apart without reading the blob again.
/// </summary>
public sealed record BlobPosition
{
    /// <summary>Domains of reading positions are named <c>flowlog.position/</c> and the blob's key.</summary>
    public const string DomainPrefix = "flowlog.position/";

    /// <summary>Bytes of the blob when it was read.</summary>
    public long Length { get; init; }

    public string ETag { get; init; } = "";

    public DateTimeOffset LastModified { get; init; }

    /// <summary>Bytes up to the end of the last whole record; 0 = the next reading starts at the beginning.</summary>
    public long ResumeOffset { get; init; }

    /// <summary>Records up to there, rejected ones counted: the index of the next record.</summary>
    public int Records { get; init; }

    /// <summary>Tuples up to there, rejected ones counted.</summary>
    public long Tuples { get; init; }

    /// <summary>Rows of this blob that are in the lake.</summary>
    public long Rows { get; init; }

    /// <summary>How many bytes before <see cref="ResumeOffset"/> the <see cref="Anchor"/> covers.</summary>
    public int AnchorLength { get; init; }

    /// <summary>A hash of those bytes (XXH3 128, hex): if it still fits, what was read is still there.</summary>
    public string Anchor { get; init; } = "";

    /// <summary>A hash of all bytes when the blob was read from its beginning in one go, else null.</summary>
    public string? ContentHash { get; init; }

    /// <summary>The length and a hash (XXH64, hex) of the blob's first bytes: a shorter blob that begins alike is an older copy. Null for compressed blobs.</summary>
    public string? Head { get; init; }

    /// <summary>What the source knows about the content beyond the ETag, such as the last data block's id; null for files.</summary>
    public string? Mark { get; init; }

    /// <summary>A mark of the blob's metadata and headers, where the source has them.</summary>
    public string? Properties { get; init; }

    /// <summary>True when the blob's hour was over when it was read.</summary>
    public bool HourClosed { get; init; }

    /// <summary>How the reading ended, as the parser names it: Complete, Incomplete, Skipped; Damaged when only the whole records before a fault could be read.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Why, when the outcome is not Complete.</summary>
    public string? Message { get; init; }

    /// <summary>Compressed blobs are read whole each time: offsets of theirs are not byte positions in the blob.</summary>
    public bool Compressed { get; init; }

    /// <summary>True when rows of it were lost: the next ingest reads it from its beginning and replaces the <see cref="Rows"/> that are left.</summary>
    public bool ReadAgain { get; init; }

    /// <summary>The position of a blob of which only so many rows are left: nothing of what was read counts any more.</summary>
    internal static BlobPosition ToReadAgain(long rows) => new() { Rows = rows, Outcome = "Complete", ReadAgain = true };

    public static string Domain(string blobKey) => DomainPrefix + blobKey;

    public string ToJson() => JsonBuffer.Fill(default, (_, json) => Write(json), Encoding.UTF8.GetString);

    /// <exception cref="InvalidDataException">The text is no position.</exception>
    public static BlobPosition FromJson(string json)
    {
        try
        {
            return Read(json);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(
                $"A reading position ('{DomainPrefix}…' in tuples/_delta_log) is not what flowlog writes: '{(json.Length > 80 ? json[..80] + "…" : json)}'. {e.Message} Put back a copy of the log.", e);
        }
    }

    private static BlobPosition Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var e = document.RootElement;
        return new BlobPosition
        {
            Length = e.GetProperty("length").GetInt64(),
            ETag = e.GetProperty("etag").GetString()!,
            LastModified = e.GetProperty("lastModified").GetDateTimeOffset(),
            ResumeOffset = e.GetProperty("resumeOffset").GetInt64(),
            Records = e.GetProperty("records").GetInt32(),
            Tuples = e.GetProperty("tuples").GetInt64(),
            Rows = e.GetProperty("rows").GetInt64(),
            AnchorLength = e.GetProperty("anchorLength").GetInt32(),
            Anchor = e.GetProperty("anchor").GetString()!,
            ContentHash = Optional(e, "contentHash"),
            Head = Optional(e, "head"),
            Mark = Optional(e, "mark"),
            Properties = Optional(e, "properties"),
            HourClosed = e.GetProperty("hourClosed").GetBoolean(),
            Outcome = e.GetProperty("outcome").GetString()!,
            Message = Optional(e, "message"),
            Compressed = e.GetProperty("compressed").GetBoolean(),
            ReadAgain = e.TryGetProperty("readAgain", out var again) && again.GetBoolean(),
        };
    }

    private void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteNumber("length", Length);
        w.WriteString("etag", ETag);
        w.WriteString("lastModified", LastModified);
        w.WriteNumber("resumeOffset", ResumeOffset);
        w.WriteNumber("records", Records);
        w.WriteNumber("tuples", Tuples);
        w.WriteNumber("rows", Rows);
        w.WriteNumber("anchorLength", AnchorLength);
        w.WriteString("anchor", Anchor);
        Optional(w, "contentHash", ContentHash);
        Optional(w, "head", Head);
        Optional(w, "mark", Mark);
        Optional(w, "properties", Properties);
        w.WriteBoolean("hourClosed", HourClosed);
        w.WriteString("outcome", Outcome);
        Optional(w, "message", Message);
        w.WriteBoolean("compressed", Compressed);
        if (ReadAgain)
            w.WriteBoolean("readAgain", true);
        w.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter w, string name, string? value)
    {
        if (value is not null)
            w.WriteString(name, value);
    }

    private static string? Optional(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.GetString() : null;
}
