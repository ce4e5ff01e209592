
namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>What is in a lake, from its log alone.</summary>
public sealed record LakeInfo
{
    public required string Location { get; init; }

    /// <summary>The newest version of the table <c>tuples</c>; -1 when there is none.</summary>
    public long Version { get; init; }

    /// <summary>When it was committed, UTC; null when there is none.</summary>
    public DateTime? Committed { get; init; }

    public long Files { get; init; }

    public long Rows { get; init; }

    /// <summary>Of the active data files.</summary>
    public long Bytes { get; init; }

    /// <summary>The least and the greatest <c>time</c>, UTC.</summary>
    public DateTime? MinTime { get; init; }

    public DateTime? MaxTime { get; init; }

    /// <summary>Dates that have rows.</summary>
    public int Dates { get; init; }

    /// <summary>Blobs with a reading position.</summary>
    public long Blobs { get; init; }

    /// <summary>Blobs whose hour was over when they were read and that end in the middle of a record, and damaged ones.</summary>
    public long IncompleteBlobs { get; init; }

    /// <summary>Files with fewer than 100,000 rows: <c>flowlog lake compact</c> merges them.</summary>
    public long SmallFiles { get; init; }

    /// <summary>Files that are no longer active and wait for <c>flowlog lake vacuum</c>.</summary>
    public long RemovedFiles { get; init; }

    public static async ValueTask<LakeInfo> ReadAsync(FlowLake lake, CancellationToken ct = default)
    {
        var snapshot = await lake.Tuples.Archive.RecallAsync(await lake.Tuples.SnapshotAsync(ct), ct: ct);
        var files = await lake.Tuples.GetActiveFilesAsync(ct: ct);
        var positions = snapshot.Domains.Where(d => d.Key.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal)).Select(d => BlobPosition.FromJson(d.Value)).ToList();
        return new LakeInfo
        {
            Location = lake.Location,
            Version = snapshot.Version,
            Committed = await lake.Tuples.Delta.Log.ReadCommitAsync(snapshot.Version, ct) is { } last ? DateTimeOffset.FromUnixTimeMilliseconds(last.TimestampMs).UtcDateTime : null,
            Files = files.Count,
            Rows = files.Sum(f => f.Rows),
            Bytes = files.Sum(f => f.Bytes),
            MinTime = files.Min(f => f.MinTime),
            MaxTime = files.Max(f => f.MaxTime),
            Dates = files.Select(f => f.Date).Distinct().Count(),
            Blobs = positions.Count,
            IncompleteBlobs = positions.Count(p => p is { Outcome: "Incomplete", HourClosed: true } or { Outcome: "Damaged" }),
            SmallFiles = files.Count(f => f.Rows < 100_000),
            RemovedFiles = snapshot.Tombstones.Count,
        };
    }
}
