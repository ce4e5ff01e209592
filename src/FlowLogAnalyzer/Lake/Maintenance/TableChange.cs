using System.Globalization;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>A commit that took rows out: who did it, when, and which files went.</summary>
internal sealed record TableChange(long Version, DeltaCommit Commit, IReadOnlyList<AddFile> Removed)
{
    /// <summary>Statements that say which rows are to go. A RESTORE or an overwrite does not: rows go with it that nobody spoke of.</summary>
    public bool IsDeletion => Commit.Operation is "DELETE" or "UPDATE" or "MERGE" or "TRUNCATE" or "ERASE";

    public bool MayHaveHeld(string blob) => Removed.Any(f => FileFacts.Of(f).MayHoldBlob(blob));

    /// <summary>"DELETE of version 6, 2026-11-30 23:35:12Z".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Commit.Operation} of version {Version}, {DateTimeOffset.FromUnixTimeMilliseconds(Commit.TimestampMs).UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
}
