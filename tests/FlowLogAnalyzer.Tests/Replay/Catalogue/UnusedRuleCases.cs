using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;
using static FlowLogAnalyzer.Tests.Replay.Catalogue.EngineCase;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

/// <summary>Rules that are of no use, or of more use than was meant.</summary>
internal static class UnusedRuleCases
{
    private const double Day = 86_400;

    public static IReadOnlyList<EngineCase> All { get; } =
    [
        Hit("NSG-001", "a rule for which nothing came in a month", Severity.Low, c => Unused(c).Clients("user", (0, 1)).Clients("user", (31 * Day, 1))) with { About = "Spare" },
        Miss("NSG-001", "a week of logs is too short", c => Unused(c).Clients("user", (0, 1)).Clients("user", (7 * Day, 1))) with { About = "Spare" },
        Miss("NSG-001", "one flow came", c => Unused(c).Arrive("user", "10.10.9.9:* -> 10.10.3.4:443", (0, 1), "UserRule_Spare").Clients("user", (31 * Day, 1))) with { About = "Spare" },
        Miss("NSG-001", "nothing that its NSG decided was logged", c => Unused(c).Clients("ingress", (0, 1)).Clients("ingress", (31 * Day, 1))) with { About = "Spare" },
        Miss("NSG-001", "ICMP, which no log shows", c => c.Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("Spare", 3990, Decision.Allow, "10.10.9.0/24", "10.10.3.0/24") with { Protocol = RuleProtocol.Icmp })).Clients("user", (0, 1)).Clients("user", (31 * Day, 1))) with { About = "Spare" },
        Hit("NSG-002", "an Allow behind the rule that denies the rest", Severity.Low, c => At(c, 4050)) with { About = "Spare" },
        Hit("NSG-002", "an Allow behind a wider Allow", Severity.Info, c => At(c, 3990).Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("Wide", 3980, Decision.Allow, "10.10.0.0/16", "10.10.3.0/24")))) with { About = "Spare" },
        Miss("NSG-002", "the same before it", c => At(c, 3990)) with { About = "Spare" },
        Miss("NSG-002", "an earlier rule takes a part of it", c => At(c, 3990).Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("Wide", 3980, Decision.Allow, "10.10.9.0/25", "10.10.3.0/24")))) with { About = "Spare" },
        Hit("NSG-003", "all that came through a rule for any destination went to the frontend", Severity.Low, c => Wide(c, "*", "80").Arrive("user", $"{EngineCluster.Client}:* -> {EngineCluster.Frontend}:80", (0, 5), "UserRule_Wide")),
        Hit("NSG-003", "any port as well", Severity.Low, c => Wide(c, "*", "*").Arrive("user", $"{EngineCluster.Client}:* -> {EngineCluster.Frontend}:80", (0, 5), "UserRule_Wide")),
        Miss("NSG-003", "nodes and pods among each other on all ports, which AKS requires", c => Wide(c, "*", "*", "10.244.0.0/16").Arrive("user", $"10.244.0.9:* -> 10.244.2.20:8080", (0, 5), "UserRule_Wide")),
        Miss("NSG-003", "a rule for the frontend", c => Wide(c, $"{EngineCluster.Frontend}/32", "80").Arrive("user", $"{EngineCluster.Client}:* -> {EngineCluster.Frontend}:80", (0, 5), "UserRule_Wide")),
        Miss("NSG-003", "nothing came through it", c => Wide(c, "*", "80")),
        Miss("NSG-003", "probes, which go to any port", c => c.Arrive("user", "168.63.129.16:* -> 10.10.3.4:31880", (0, 5), "UserRule_AllowAzureLoadBalancer")),
    ];

    private static EngineCluster Unused(EngineCluster cluster) => At(cluster, 3990);

    private static EngineCluster At(EngineCluster cluster, int priority) => cluster.Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("Spare", priority, Decision.Allow, "10.10.9.0/24", "10.10.3.0/24", "443")));

    private static EngineCluster Wide(EngineCluster cluster, string destination, string ports, string source = "10.10.4.0/24") =>
        cluster.Rules("nsg-user", n => n.Without("AllowClientsToFrontend").WithRule(RuleEdit.Inbound("Wide", 110, Decision.Allow, source, destination, ports)));
}
