using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Ingest;

/// <summary>What is to be done with a blob.</summary>
internal enum ReadMode
{
    /// <summary>Nothing: the lake has it as it is.</summary>
    Unchanged,

    /// <summary>Only the position is brought up to date: other ETag with the same content, or an hour that has closed on a cut blob.</summary>
    Touch,

    /// <summary>From the resume offset on, if the bytes before it are still the same.</summary>
    Continue,

    /// <summary>From the beginning; rows of an earlier reading are replaced.</summary>
    Whole,

    /// <summary>Nothing: it is an older state of a blob that the lake has read further.</summary>
    Older,
}

/// <summary>A listed blob, the position that the plan was made from, and the decision.</summary>
internal sealed record BlobPlan(IBlobSource Source, SourceBlob Blob, BlobPosition? Position, ReadMode Mode, bool HourClosed)
{
    public string Key => Blob.Identity.Key;

    /// <summary>The domain of the blob's position.</summary>
    public required string Domain { get; init; }

    /// <summary>True when rows of an earlier reading have to go.</summary>
    public bool Replaces => Mode == ReadMode.Whole && Position is { Rows: > 0 };

    /// <summary>True for a blob with no more bytes than were read of it, last written before that: it must not take rows away.</summary>
    public bool IsOlder => Position is { } known && Blob.Length <= known.Length && Blob.LastModified < known.LastModified;

    /// <summary>Bytes that will be read, the anchor not counted.</summary>
    public long BytesToRead => Mode switch
    {
        ReadMode.Whole => Blob.Length,
        ReadMode.Continue => Blob.Length - Position!.ResumeOffset,
        _ => 0,
    };
}

/// <summary>Decides what to do with a blob from its listing and its position, without reading it.</summary>
internal sealed class Planner(IngestOptions options)
{
    public BlobPlan Plan(IBlobSource source, SourceBlob blob, string domain, BlobPosition? position)
    {
        var closed = blob.Identity.Hour is not { } hour || options.Time.GetUtcNow().UtcDateTime - options.HourGrace >= hour.EndUtc;
        var plan = new BlobPlan(source, blob, position, Mode(blob, position, closed), closed) { Domain = domain };
        return plan is { Replaces: true, IsOlder: true } && (blob.Length < position!.Length || position.Compressed) ? plan with { Mode = ReadMode.Older } : plan;
    }

    private static ReadMode Mode(SourceBlob blob, BlobPosition? position, bool closed)
    {
        if (position is null or { ReadAgain: true })
            return ReadMode.Whole;

        if (blob.Length == position.Length && blob.ETag == position.ETag)
            return position.Outcome == BlobOutcomes.Incomplete && closed && !position.HourClosed ? ReadMode.Touch : ReadMode.Unchanged;

        if (blob.Length == position.Length && blob.Mark is not null && blob.Mark == position.Mark)
            return ReadMode.Touch;

        // Metadata was written, so the ETag says nothing about the content: a look at the bytes around the resume offset will do.
        var onlyProperties = blob.Length == position.Length && blob.Properties is not null && position.Properties is not null && blob.Properties != position.Properties;
        var canContinue = (blob.Length > position.Length || onlyProperties) && position.ResumeOffset > 0 && !position.Compressed && position.Outcome != BlobOutcomes.Skipped;
        return canContinue ? ReadMode.Continue : ReadMode.Whole;
    }
}

/// <summary>Outcomes as positions spell them.</summary>
internal static class BlobOutcomes
{
    public const string Complete = "Complete";
    public const string Incomplete = "Incomplete";
    public const string Skipped = "Skipped";

    /// <summary>The whole records before the damage are in the lake.</summary>
    public const string Damaged = "Damaged";
}
