namespace FlowLogAnalyzer.Query;

/// <summary>Views that are computed once and kept as tables, because everything reads them.</summary>
internal static class LakeTables
{
    public const string SeenAddresses = "seen_addresses";

    /// <summary>
    /// What opening a lake computes, by the file of queries/views that defines it, as soon as it is defined: each view on top
    /// then refers to a small table instead of to all that lies below. They do not grow with the lake.
    /// </summary>
    private static readonly Dictionary<string, string[]> OfOpening = new(StringComparer.Ordinal)
    {
        ["010_tuples"] = ["log_summary", "tuple_kinds"],
        ["020_double_logged"] = ["double_logged"],
        ["022_seen_addresses"] = [SeenAddresses],
        ["025_owners"] = ["address_owners", "nic_times", "loggers", "frontend_times", "frontend_services"],
    };

    /// <summary>
    /// What findings read, in the order in which each needs those before. They grow with the lake: they hold numbers instead
    /// of names, and go to disk when memory is short. The last two need another pass over the lake, for volumes.
    /// </summary>
    public static readonly string[] OfFindings =
    [
        "logs", "facts", "declared_flows", "probe_times", "probe_facts", "client_facts", "hop_targets", "hop_facts", "refusal_spans", "client_refusals",
        "served_ports", "attempt_facts", "port_scans", "edge_facts", "edge_days",
    ];

    public static IReadOnlyList<string> After(QueryFile view) => OfOpening.GetValueOrDefault(view.Name, []);
}
