using System.Globalization;

namespace FlowLogAnalyzer.Query.Coverage;

/// <summary>
/// Names and rules come from snapshots: what happened long before the first, long after the last, or far from any was named by
/// an inventory of another time. Such a finding is less sure, and says so.
/// </summary>
internal static class InventoryAge
{
    /// <summary>Nodes are replaced and Services made again within days, not within hours.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    /// <summary>What makes a stretch of time one that no snapshot tells of; null when one is near, or when none is known.</summary>
    /// <param name="snapshots">UTC, in order.</param>
    /// <param name="first">UTC.</param>
    /// <param name="last">UTC.</param>
    /// <param name="what">What happened then.</param>
    public static (DateTime Nearest, string Text)? Gap(IReadOnlyList<DateTime> snapshots, DateTime first, DateTime last, string what)
    {
        if (snapshots.Count == 0)
            return null;

        var nearest = snapshots.MinBy(s => Distance(s, first, last));
        var distance = Distance(nearest, first, last);
        return distance <= Tolerance ? null
            : (nearest, string.Create(CultureInfo.InvariantCulture,
                $"The nearest inventory snapshot is of {nearest:yyyy-MM-dd HH:mm:ss} UTC, {distance.TotalDays:0.#} days {(nearest < first ? "before" : "after")} {what}: names and rules may have been others at the time. `flowlog inventory show` lists the snapshots."));
    }

    private static TimeSpan Distance(DateTime snapshot, DateTime first, DateTime last) =>
        snapshot < first ? first - snapshot : snapshot > last ? snapshot - last : TimeSpan.Zero;
}
