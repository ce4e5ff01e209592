using FlowLogAnalyzer.Query;


namespace FlowLogAnalyzer.Findings.Rules;

/// <summary>The findings that come from asking rules; a new one is a class with a line here.</summary>
internal static class EngineFindings
{
    private sealed record Entry(string Id, string Title, Func<EngineContext, IEnumerable<Finding>> Run);

    private static readonly IReadOnlyList<Entry> Entries =
    [
        new("LBC-003", "Public frontend not opened in the subnet's NSG", ServiceFindings.PublicFrontendClosed),
        new("LBC-004", "Backends of one Service whose NSGs disagree", AsymmetryFinding.Run),
        new("LBC-005", "A repair that makes things worse when only a part of it is applied", _ => []),
        new("LBC-012", "Source ranges of an internal Service that do not bind", ServiceFindings.RangesNotEnforced),
        new("LBC-013", "Rule that aims at the wrong object", ServiceFindings.WrongObject),
        new("LBP-006", "Rule for probes with ports that are no longer probed", ProbeRuleFindings.StaleProbeRule),
        new("LAT-009", "Refused, then allowed", DenyThenAllow.Run),
        new("NSG-001", "Rule that never matched", HygieneFindings.NeverMatched),
        new("NSG-002", "Rule that can never decide", HygieneFindings.Shadowed),
        new("NSG-003", "Rule that admits any destination", WideRules.Run),
        new("NSG-004", "Traffic that only the default rule for the virtual network admits", HygieneFindings.DefaultAllow),
        new("NSG-005", "Needed traffic that falls to the last default rule", HygieneFindings.DefaultDeny),
        new("NSG-006", "VirtualNetwork stands for everything", HygieneFindings.EverythingIsVirtualNetwork),
        new("NSG-007", "Rule that denies probes before any rule for the load balancer", ProbeRuleFindings.DeniesProbes),
        new("NSG-008", "Foreign rule in the NSG of AKS", HygieneFindings.ForeignRuleInManagedNsg),
        new("NSG-009", "Rule that denies traffic inside the cluster", HygieneFindings.DeniesInsideCluster),
        new("NSG-010", "Rules whose decisions are in no log", UnloggedLevel.Run),
    ];

    public static IReadOnlyList<(string Id, string Title)> All { get; } = [.. Entries.Select(e => (e.Id, e.Title))];

    public static string TitleOf(string id) => Entries.First(e => e.Id == id).Title;

    /// <summary>
    /// Findings about rules that no finding about flows names already: what was seen comes before what could be.
    /// </summary>
    public static IEnumerable<Finding> Run(EngineContext context, IReadOnlyList<Finding> seen, IReadOnlyList<string> only)
    {
        var told = seen.Where(f => f.Severity > Severity.Info).Select(f => (f["nsg"] as string, f["rule"] as string)).Where(p => p.Item1 is not null).ToHashSet();
        return Entries.Where(e => only.Count == 0 || only.Contains(e.Id, StringComparer.OrdinalIgnoreCase))
            .SelectMany(e => e.Run(context)).Where(f => f["nsg"] is not string nsg || !told.Contains((nsg, f["rule"] as string)) || !IsAboutRefusals(f.Id));
    }

    private static bool IsAboutRefusals(string id) => id is "LBC-004" or "NSG-005" or "NSG-007" or "NSG-009";
}
