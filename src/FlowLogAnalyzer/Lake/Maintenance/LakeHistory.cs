using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>One version of a table: what its entry says, and what it did, counted from its actions; null = not known.</summary>
/// <param name="Version">Of the table.</param>
/// <param name="Time">When it was committed, UTC.</param>
/// <param name="Operation">As its writer calls it.</param>
/// <param name="Story">What its writer tells.</param>
public sealed record HistoryEntry(long Version, DateTime? Time, string Operation, CommitStory Story)
{
    public int FilesAdded { get; init; }

    public int FilesRemoved { get; init; }

    public long? RowsAdded { get; init; }

    public long? RowsRemoved { get; init; }

    public long BytesAdded { get; init; }

    public long BytesRemoved { get; init; }

    /// <summary>False when the rows of the table stayed the same, as in a compaction.</summary>
    public bool ChangesRows { get; init; }
}

/// <summary>The history of a table, of commits of anybody, as far back as its log goes.</summary>
public static class LakeHistory
{
    /// <summary>The newest versions, the newest first; none when there is no such table.</summary>
    /// <param name="log">Of the table.</param>
    /// <param name="most">How many.</param>
    /// <param name="ct">Cancels.</param>
    public static async ValueTask<IReadOnlyList<HistoryEntry>> ReadAsync(DeltaLog log, int most, CancellationToken ct = default)
    {
        var newest = (await log.LoadAsync(ct)).Version;
        var entries = new List<HistoryEntry>();
        var rows = new Dictionary<string, long?>(StringComparer.Ordinal);
        for (var version = Math.Max(0, newest - most + 1); version <= newest; version++)
            if (await log.ReadCommitAsync(version, ct) is { } commit) // older ones may have been cleaned away
                entries.Add(Entry(version, commit, rows));
        entries.Reverse();
        return entries;
    }

    /// <param name="version">Its number.</param>
    /// <param name="commit">What it holds.</param>
    /// <param name="rows">Of files that earlier entries have added.</param>
    private static HistoryEntry Entry(long version, DeltaCommit commit, Dictionary<string, long?> rows)
    {
        foreach (var add in commit.Adds)
            rows[add.Path] = FileFacts.Of(add).Rows;
        DateTime? time = commit.TimestampMs > 0 ? UnixTime.ToDateTime(commit.TimestampMs) : null;
        return new HistoryEntry(version, time, commit.Operation, commit.Story)
        {
            FilesAdded = commit.Adds.Count,
            FilesRemoved = commit.Removes.Count,
            RowsAdded = Sum(commit.Adds.Select(a => rows[a.Path])),
            RowsRemoved = Sum(commit.Removes.Select(r => FileFacts.Of(r.Stats).Rows ?? rows.GetValueOrDefault(r.Path))) ?? Told(commit, "numRemovedRows"),
            BytesAdded = commit.Adds.Sum(a => a.Size),
            BytesRemoved = commit.Removes.Sum(r => r.Size),
            ChangesRows = commit.Adds.Any(a => a.DataChange) || commit.Removes.Any(r => r.DataChange),
        };
    }

    private static long? Sum(IEnumerable<long?> rows)
    {
        var sum = 0L;
        foreach (var number in rows)
        {
            if (number is not { } known)
                return null;
            sum += known;
        }

        return sum;
    }

    private static long? Told(DeltaCommit commit, string metric) =>
        commit.Story.Metrics.TryGetValue(metric, out var text) && long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
