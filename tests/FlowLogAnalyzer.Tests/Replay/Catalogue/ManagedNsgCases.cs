using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Query;
using static FlowLogAnalyzer.Tests.Replay.Catalogue.EngineCase;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

/// <summary>The NSG of AKS beside that of the subnet.</summary>
internal static class ManagedNsgCases
{
    private const string Managed = "aks-agentpool-12345678-nsg";

    public static IReadOnlyList<EngineCase> All { get; } =
    [
        Hit("NSG-008", "a rule of somebody else's in the NSG of AKS", Severity.Low, c => OnNics(c).Rules(Managed, n => n.WithRule(RuleEdit.Inbound("Mine", 200, Decision.Allow, "10.10.4.0/24", "10.10.3.0/24", "22")))),
        Miss("NSG-008", "a rule of the cloud provider's", c => OnNics(c).Rules(Managed, n => n.WithRule(RuleEdit.Inbound("k8s-azure-lb_allow_IPv4_1", 500, Decision.Allow, "Internet", "20.60.0.1/32", "80")))),
        Miss("NSG-008", "the same rule in the subnet's NSG", c => OnNics(c).Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("Mine", 200, Decision.Allow, "10.10.4.0/24", "10.10.3.0/24", "22")))),
        Hit("NSG-010", "only the subnet's NSG is logged", Severity.Low, c => OnNics(c).NsgLogs().Clients("user", (0, 20), deny: true)) with { About = Managed },
        Miss("NSG-010", "both are logged", c => OnNics(c).NsgLogs().Clients("user", (0, 20), deny: true).Arrive("user", "10.10.4.4:* -> 10.10.2.100:80", (0, 20), "DefaultRule_AllowVnetInBound", nsg: Managed)),
        Miss("NSG-010", "VNet flow logs, which need no second level", c => OnNics(c).Clients("user", (0, 20), deny: true)),
        Miss("NSG-010", "there is one level only", c => c.NsgLogs().Clients("user", (0, 20), deny: true)),
    ];

    private static EngineCluster OnNics(EngineCluster cluster)
    {
        cluster.ManagedNicNsg = true;
        return cluster;
    }
}
