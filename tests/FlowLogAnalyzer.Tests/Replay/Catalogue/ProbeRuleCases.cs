using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;
using static FlowLogAnalyzer.Tests.Replay.Catalogue.EngineCase;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

/// <summary>Rules about probes, wrong before the first probe is refused.</summary>
internal static class ProbeRuleCases
{
    public static IReadOnlyList<EngineCase> All { get; } =
    [
        Hit("LBP-006", "the rule has the port of yesterday's health check", Severity.High, c => ForProbes(c, "31049")),
        Miss("LBP-006", "the rule has the range of node ports", c => ForProbes(c, "30000-32767")),
        Miss("LBP-006", "another rule lets the probes in", c => ForProbes(c, "31049").Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("Probes", 101, Decision.Allow, "168.63.129.16/32", "*")))),
        Hit("NSG-007", "Deny VirtualNetwork comes before any rule for the load balancer", Severity.Critical, c => Denied(c, "VirtualNetwork", 90 + 5)),
        Miss("NSG-007", "it comes after it", c => Denied(c, "VirtualNetwork", 105)),
        Miss("NSG-007", "it denies the clients' subnet only", c => Denied(c, "10.10.4.0/24", 90 + 5)),
    ];

    private static EngineCluster ForProbes(EngineCluster cluster, string ports) => Seen(cluster).Rules("nsg-user", n => n.WithRule(n.Rules.Single(r => r.Name == "AllowAzureLoadBalancer") with { Destination = RuleSide.Of("*", ports) }));

    private static EngineCluster Denied(EngineCluster cluster, string source, int priority) =>
        Seen(cluster).Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("DenyBroad", priority, Decision.Deny, source, "*")));

    /// <summary>Something was logged, so that the rules are asked about that time.</summary>
    private static EngineCluster Seen(EngineCluster cluster) => cluster.Clients("ingress", (0, 5));
}
