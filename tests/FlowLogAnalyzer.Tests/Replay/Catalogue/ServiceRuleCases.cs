using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Query;
using static FlowLogAnalyzer.Tests.Replay.Catalogue.EngineCase;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

/// <summary>Rules and Services that do not fit each other.</summary>
internal static class ServiceRuleCases
{
    private const string Outside = "20.50.1.1";
    private const string PublicFrontend = "20.60.0.1";

    public static IReadOnlyList<EngineCase> All { get; } =
    [
        Hit("LBC-003", "the NSG of AKS opens the public address, the subnet's does not", Severity.Critical, c => Opened(c).Arrive("user", $"{Outside}:* -> {PublicFrontend}:80", (0, 5), "UserRule_DenyAllOtherInbound", deny: true)),
        Miss("LBC-003", "the NSG of AKS does not open it either: nobody asked for it", c => Public(c).Arrive("user", $"{Outside}:* -> {PublicFrontend}:80", (0, 5), "UserRule_DenyAllOtherInbound", deny: true)),
        Miss("LBC-003", "the NSG of AKS itself refuses another port", c => Opened(c).Arrive("user", $"{Outside}:* -> {PublicFrontend}:22", (0, 5), "DefaultRule_DenyAllInBound", deny: true, nsg: "aks-agentpool-12345678-nsg")),
        Hit("LBC-004", "one of three subnets has lost the rule for the client", Severity.High, c => WithoutClients(c, "nsg-user").Clients("ingress", (0, 5))),
        Miss("LBC-004", "all subnets know the client", c => c.Clients("ingress", (0, 5))),
        Miss("LBC-004", "one client may come to all nodes and another to none", c => c.Clients("ingress", (0, 5)).Arrive("user", $"10.10.9.9:* -> {EngineCluster.Frontend}:80", (0, 5), "UserRule_AllowClientsToFrontend")),
        Miss("LBC-004", "pods with addresses of both families", c => DualStack(c).Clients("ingress", (0, 5))),
        Miss("LBC-004", "none of them does", c => WithoutClients(c, "nsg-system", "nsg-ingress", "nsg-user").Clients("ingress", (0, 5))),
        Hit("LBC-005", "opening the second hop alone brings back nodes that refuse the client", Severity.Info, c => SecondHopDenied(WithoutClients(c, "nsg-system", "nsg-user"))),
        Miss("LBC-005", "the nodes that come back know the client", SecondHopDenied),
        Hit("LBC-012", "an internal Service allows one range, and the rules admit others", Severity.Medium, c => c.Annotated(("azure-allowed-ip-ranges", "10.99.0.0/24")).Clients("user", (0, 5))),
        Miss("LBC-012", "the annotation that denies the rest is set", c => c.Annotated(("azure-allowed-ip-ranges", "10.99.0.0/24"), ("azure-deny-all-except-load-balancer-source-ranges", "true")).Clients("user", (0, 5))),
        Miss("LBC-012", "the range holds everybody whom the rules admit", c => c.Annotated(("azure-allowed-ip-ranges", "10.10.4.0/24")).Clients("user", (0, 5))),
        Hit("LBC-013", "a rule opens the node port to the client, which is refused", Severity.Medium, c => Aimed(c, "10.10.3.0/24", "31880").Clients("ingress", (0, 5)).Clients("user", (0, 5), deny: true)),
        Miss("LBC-013", "it opens the frontend", c => Aimed(c, $"{EngineCluster.Frontend}/32", "80").Clients("ingress", (0, 5))),
        Miss("LBC-013", "it is for something else", c => Aimed(c, "10.10.3.0/24", "9100").Clients("ingress", (0, 5)).Clients("user", (0, 5), deny: true)),
    ];

    private static EngineCluster Public(EngineCluster cluster)
    {
        cluster.ManagedNicNsg = true;
        return cluster.Public(PublicFrontend);
    }

    private static EngineCluster Opened(EngineCluster cluster) =>
        Public(cluster).Rules("aks-agentpool-12345678-nsg", n => n.WithRule(RuleEdit.Inbound("k8s-azure-lb_allow_IPv4_1", 500, Decision.Allow, "Internet", $"{PublicFrontend}/32", "80")));

    private static EngineCluster WithoutClients(EngineCluster cluster, params string[] nsgs) => nsgs.Aggregate(cluster, (c, nsg) => c.Rules(nsg, n => n.Without("AllowClientsToFrontend")));

    /// <summary>The pods have an IPv6 address each as well, which nodes reach with one of their own.</summary>
    private static EngineCluster DualStack(EngineCluster cluster) => cluster.Change<EndpointSliceEntity>(InventoryKinds.EndpointSlice, null, s => s.ServiceName == "ingress-nginx-controller"
        ? s with { Endpoints = [.. s.Endpoints, .. s.Endpoints.Select(e => e with { Ip = "fd00:10:244::a", PodUid = null })] }
        : s);

    private static EngineCluster Aimed(EngineCluster cluster, string destination, string ports) =>
        WithoutClients(cluster, "nsg-user").Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("Clients", 110, Decision.Allow, "10.10.4.0/24", destination, ports)));

    /// <summary>The ingress subnet refuses what the user node forwards, and clients arrive there all the same.</summary>
    private static void SecondHopDenied(EngineCluster cluster) => cluster.Rules("nsg-ingress", n => n.Without("AllowNodesToIngressPods"))
        .Arrive("user", $"168.63.129.16:* -> {EngineCluster.Ip("user")}:31880", (0, 120), "UserRule_AllowAzureLoadBalancer")
        .Arrive("ingress", $"{EngineCluster.Ip("user")}:* -> 10.244.1.10:80", (0, 120), "UserRule_DenyAllOtherInbound", deny: true)
        .Clients("ingress", (0, 120));
}
