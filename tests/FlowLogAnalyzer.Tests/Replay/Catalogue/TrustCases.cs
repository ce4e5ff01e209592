using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;
using static FlowLogAnalyzer.Tests.Replay.Catalogue.EngineCase;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

/// <summary>What default rules and tags let in or keep out.</summary>
internal static class TrustCases
{
    public static IReadOnlyList<EngineCase> All { get; } =
    [
        Hit("NSG-004", "a subnet with stock rules", Severity.Low, c => Stock(c, "nsg-user").Arrive("user", "10.10.4.4:* -> 10.10.3.4:9100", (0, 100), "DefaultRule_AllowVnetInBound")),
        Miss("NSG-004", "a rule of its own admits them", c => Stock(c, "nsg-user", RuleEdit.Inbound("Metrics", 100, Decision.Allow, "10.10.4.0/24", "*", "9100")).Arrive("user", "10.10.4.4:* -> 10.10.3.4:9100", (0, 100), "UserRule_Metrics")),
        Miss("NSG-004", "too few flows to tell", c => Stock(c, "nsg-user").Arrive("user", "10.10.4.4:* -> 10.10.3.4:9100", (0, 99), "DefaultRule_AllowVnetInBound")),
        Hit("NSG-005", "pods outside of VirtualNetwork, since no route leads to them", Severity.Info, c => Stock(c, "nsg-ingress").Without(InventoryKinds.RouteTable).Clients("user", (0, 5))),
        Miss("NSG-005", "the routes are there", c => Stock(c, "nsg-ingress").Clients("user", (0, 5))),
        Miss("NSG-005", "a rule of its own denies it", c => c.Rules("nsg-ingress", n => n.Without("AllowNodesToIngressPods")).Clients("user", (0, 5))),
        Hit("NSG-006", "a default route to an appliance, and nothing denied", Severity.Low, c => Stock(Routed(c, "VirtualAppliance"), "nsg-user").Clients("ingress", (0, 5))),
        Hit("NSG-006", "a default route to an appliance, with a rule that denies the rest", Severity.Info, c => Routed(c, "VirtualAppliance").Clients("ingress", (0, 5))) with { About = "nsg-user" },
        Hit("NSG-006", "an address of the internet came in that way", Severity.High, c => Stock(Routed(c, "VirtualAppliance"), "nsg-user").Arrive("user", "203.0.113.9:* -> 10.10.3.4:8080", (0, 3), "DefaultRule_AllowVnetInBound")) with { About = "nsg-user" },
        Hit("NSG-006", "the NSG of AKS has stock rules, but that of the subnet in front denies the rest", Severity.Info, c => Managed(Routed(c, "VirtualAppliance")).Clients("ingress", (0, 5))) with { About = "aks-agentpool" },
        Miss("NSG-006", "the default route leads to the internet", c => Routed(c, "Internet").Clients("ingress", (0, 5))),
        Miss("NSG-006", "the routes lead to the pods only", c => Stock(c, "nsg-user").Clients("ingress", (0, 5))),
        Hit("NSG-009", "a rule that keeps nodes from each other", Severity.Low, c => Stock(c, "nsg-user", RuleEdit.Inbound("Apart", 100, Decision.Deny, "10.10.1.0/24", "*"))) with { About = "Apart" },
        Hit("NSG-009", "the rule that denies the rest", Severity.Info, c => c.Clients("ingress", (0, 5))) with { About = "nsg-user/DenyAllOtherInbound" },
        Miss("NSG-009", "a rule that keeps the clients out", c => Stock(c, "nsg-user", RuleEdit.Inbound("Apart", 100, Decision.Deny, "10.10.4.0/24", "*"))) with { About = "Apart" },
    ];

    /// <summary>The default rules, and these.</summary>
    private static EngineCluster Stock(EngineCluster cluster, string nsg, params NsgRule[] rules) => cluster.Rules(nsg, n => n with { Rules = rules.ToEquatableList() });

    private static EngineCluster Managed(EngineCluster cluster)
    {
        cluster.ManagedNicNsg = true;
        return cluster;
    }

    private static EngineCluster Routed(EngineCluster cluster, string nextHopType) =>
        cluster.Change<RouteTableEntity>(InventoryKinds.RouteTable, null, t => t with { Routes = [.. t.Routes, new Route("0.0.0.0/0", nextHopType, nextHopType == "Internet" ? null : "10.10.9.4")] });
}
