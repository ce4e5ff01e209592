namespace FlowLogAnalyzer.Analysis;

/// <summary>
/// Views that are computed once and kept as tables, because everything reads them. All but those of <see cref="OfTheLogs"/>
/// and <see cref="OfOwners"/> grow with the lake: they hold numbers instead of names, and go to disk when memory is short.
/// </summary>
internal static class LakeTables
{
    /// <summary>Small, from a pass over the lake; needed before addresses are resolved.</summary>
    public static readonly string[] OfTheLogs = ["log_summary", "tuple_kinds", "double_logged", "seen_addresses"];

    /// <summary>Small, from the inventory and the resolved addresses.</summary>
    public static readonly string[] OfOwners = ["address_owners", "nic_times", "loggers", "frontend_times", "frontend_services"];

    /// <summary>What findings read, in the order in which each needs those before.</summary>
    public static readonly string[] OfFindings =
    [
        "logs", "facts", "probe_times", "probe_facts", "client_facts", "client_refusals", "hop_targets", "hop_facts", "served_ports", "attempt_facts",
        "port_scans",
    ];

    /// <summary>Needs another pass over the lake, for volumes; only for findings about known edges.</summary>
    public static readonly string[] OfEdges = ["edge_facts", "edge_days"];
}
