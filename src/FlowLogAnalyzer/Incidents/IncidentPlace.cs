using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Incidents;

/// <summary>Where a finding belongs: findings of one place are one incident.</summary>
/// <param name="Kind">What kind of incident.</param>
/// <param name="Cause">Tells apart what goes wrong at one subject: probes and requests of one Service have different causes.</param>
/// <param name="Subject">The Service, the source or the NSG.</param>
internal sealed record IncidentPlace(IncidentKind Kind, string Cause, string Subject)
{
    /// <summary>Requests of clients fail.</summary>
    public const string Requests = "requests";

    /// <summary>Backends look unhealthy to the load balancer.</summary>
    public const string Probes = "probes";

    /// <summary>Traffic that the cluster itself needs is denied.</summary>
    public const string Egress = "egress";

    /// <summary>What by itself is an outage; other findings about a Service explain it or follow from it.</summary>
    private static readonly Dictionary<string, string> Outages = new(StringComparer.Ordinal)
    {
        ["LBC-001"] = Requests,
        ["LBC-002"] = Requests,
        ["LBC-006"] = Requests,
        ["LBC-007"] = Requests,
        ["LBC-003"] = Requests,
        ["LBP-001"] = Probes,
        ["LBP-002"] = Probes,
        ["LBP-003"] = Probes,
        ["LBC-011"] = Probes,
        ["LBP-004"] = Probes,
        ["EGR-002"] = Egress,
        ["EGR-003"] = Egress,
        ["EGR-004"] = Egress,
    };

    /// <summary>The place of a finding that can stand alone; null for one that only goes with another.</summary>
    public static IncidentPlace? Of(Finding finding)
    {
        if (Outages.TryGetValue(finding.Id, out var cause))
            return new(IncidentKind.Outage, cause == Egress ? finding.Id : cause, Text(finding, "service") ?? Text(finding, "nsg") ?? finding.Subject);

        return finding.Id[..finding.Id.IndexOf('-', StringComparison.Ordinal)] switch
        {
            "LAT" or "EGR" => IsAccused(finding) ? new(IncidentKind.Suspect, "", Source(finding)) : null,
            "OBS" => new(IncidentKind.BlindSpot, finding.Id, ""),
            "NSG" => new(IncidentKind.Hygiene, "", Text(finding, "nsg") ?? finding.Subject),
            _ => null,
        };
    }

    /// <summary>The place for what goes with nothing else.</summary>
    public static IncidentPlace Alone(Finding finding) => new(
        finding.Severity > Severity.Low && finding.Id.StartsWith("LB", StringComparison.Ordinal) ? IncidentKind.Outage : IncidentKind.Hygiene,
        finding.Id,
        Text(finding, "service") ?? Text(finding, "nsg") ?? finding.Subject);

    public static string? Text(Finding finding, string key) => finding[key] as string;

    /// <summary>That the rules changed between two tries says nothing about who tried.</summary>
    private static bool IsAccused(Finding finding) => finding.Severity > Severity.Info;

    /// <summary>A pod behind its node's address is not told apart from it, so the node is the name for both.</summary>
    private static string Source(Finding finding) => Text(finding, "sourceNode") ?? Text(finding, "source") ?? finding.Subject;
}
