using System.Globalization;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query.Coverage;

namespace FlowLogAnalyzer.Query;

/// <summary>What there was to look at in a window. Where there was nothing, silence does not mean health.</summary>
public sealed record LookedAt
{
    private const string Nothing = "so no recorded flow was looked at.";

    /// <summary>UTC; null = no bound.</summary>
    public DateTime? Since { get; init; }

    /// <summary>UTC; null = no bound.</summary>
    public DateTime? Until { get; init; }

    /// <summary>Rows of the window.</summary>
    public long Rows { get; init; }

    /// <summary>The first and the last row of the whole lake, UTC; null when it has none.</summary>
    public (DateTime First, DateTime Last)? Span { get; init; }

    /// <summary>The first and the last row of the window, UTC; null when it has none.</summary>
    public (DateTime First, DateTime Last)? Seen { get; init; }

    /// <summary>When the inventory's snapshots were taken, UTC, in order.</summary>
    public IReadOnlyList<DateTime> Snapshots { get; init; } = [];

    /// <summary>Why no row was looked at, with the time that the lake does have; null when there were rows.</summary>
    public string? NoRows =>
        Rows > 0 ? null
        : Span is not { } span ? $"The lake has no flow logs, {Nothing} Read some: flowlog ingest SOURCE."
        : $"The lake has no flow logs {Window}, {Nothing} It has those from {Text(span.First)} until {Text(span.Last)}: choose --since and --until within that time, or ingest newer logs.";

    /// <summary>Why nobody was recognised; null when something was imported.</summary>
    public string? NoInventory => Snapshots.Count > 0 ? null
        : "The lake has no inventory, so nothing about nodes, Services and NSG rules was looked at. Import what kubectl and az export: flowlog inventory import PATH.";

    /// <summary>That the inventory is of another time than the rows; null when a snapshot is near, or when there is none at all.</summary>
    public string? OldInventory => Seen is { } seen && InventoryAge.Gap(Snapshots, seen.First, seen.Last, "these logs") is { } gap
        ? $"The inventory does not cover this window. {gap.Text}"
        : null;

    internal static async ValueTask<LookedAt> OfAsync(FlowLake lake, LakeDatabase database, IReadOnlyList<DateTime> snapshots, CancellationToken ct)
    {
        var files = await lake.Tuples.GetActiveFilesAsync(ct: ct);
        using var summary = database.Read("select coalesce(sum(tuples), 0)::bigint, min(first_seen), max(last_seen) from log_summary", null);
        var row = summary.Read().Single();
        return new LookedAt
        {
            Since = database.Options.Since,
            Until = database.Options.Until,
            Rows = (long)row[0]!,
            Seen = row[1] is DateTime from && row[2] is DateTime to ? (from, to) : null,
            Span = files.Min(f => f.MinTime) is { } first && files.Max(f => f.MaxTime) is { } last ? (first, last) : null,
            Snapshots = snapshots,
        };
    }

    internal static IReadOnlyList<DateTime> TimesOf(IEnumerable<InventoryDocument> documents) => [.. documents.Select(d => d.AsOf).Distinct().Order()];

    private string Window => (Since, Until) switch
    {
        (null, null) => "at all",
        ({ } since, null) => $"since {Text(since)}",
        (null, { } until) => $"before {Text(until)}",
        ({ } since, { } until) => $"from {Text(since)} until {Text(until)}",
    };

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
