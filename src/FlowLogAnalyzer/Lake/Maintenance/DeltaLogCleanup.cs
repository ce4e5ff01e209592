using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>
/// Log entries and checkpoints from before the newest checkpoint that is older than the retention: every version that is
/// younger can still be rebuilt without them.
/// </summary>
internal static class DeltaLogCleanup
{
    /// <summary>
    /// A process that has not looked for this long reads the log anew; until then it believes that there is no next entry
    /// when it finds none. What it may look for must not be gone.
    /// </summary>
    private static readonly TimeSpan LeastAge = DeltaLog.TrustedAge * 1.5;

    /// <param name="log">The files of a table's <c>_delta_log</c>.</param>
    /// <param name="now">UTC.</param>
    /// <param name="retention">For which younger versions stay.</param>
    public static IEnumerable<StoredFile> Doomed(IReadOnlyList<StoredFile> log, DateTimeOffset now, TimeSpan retention)
    {
        var keepSince = now - (retention > LeastAge ? retention : LeastAge);
        var keepFrom = log.Where(f => f.LastModified <= keepSince).Max(f => DeltaNames.CheckpointVersion(f.Path));
        return log.Where(f => DeltaNames.AnyVersion(f.Path) < keepFrom);
    }
}
