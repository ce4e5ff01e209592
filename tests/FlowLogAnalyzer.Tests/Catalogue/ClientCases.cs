using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Tests.Analysis;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;
using static FlowLogAnalyzer.Tests.Catalogue.FindingCase;
using static FlowLogAnalyzer.Tests.Catalogue.ProbeCases;

namespace FlowLogAnalyzer.Tests.Catalogue;

internal static class ClientCases
{
    public static IReadOnlyList<FindingCase> All { get; } =
    [
        Hit("LBC-001", "the client is admitted at the ingress node and refused at the other two", Severity.Critical, State2),
        Miss("LBC-001", "refused everywhere", c => c.Clients("system", 0, 60, deny: true).Clients("ingress", 0, 60, deny: true).Clients("user", 0, 60, deny: true)),
        Miss("LBC-001", "the same in Local mode", c => State2(Local(c))),
        Hit("LBC-001", "clients from the internet are admitted at one node and refused at two", Severity.Critical, c => FromEverywhere(c, refusing: ["system", "user"])),
        Miss("LBC-001", "scanners that a node refuses beside the clients that it admits", c => Scanners(c, "UserRule_DenyRest")),
        Miss("LBC-001", "scanners that the NSG of AKS refuses", c => Scanners(c, "UserRule_k8s-azure-lb_deny", managed: true, clients: false)),
        Miss("LBC-002", "scanners have business nowhere, and the NSG of AKS says so", c => Scanners(c, "UserRule_k8s-azure-lb_deny", managed: true, pool: "user")),
        Hit("LBC-002", "an address of the internet that flowlog.json expects and every node refuses", Severity.Critical, c => Scanners(Expect(c, "198.51.100.0/24"), "UserRule_DenyRest")),
        Hit("LBC-002", "refused at the ingress node, admitted at another", Severity.Medium, c => c.Clients("ingress", 0, 60, deny: true).Clients("user", 0, 60)),
        Miss("LBC-002", "refused at other nodes only", State2),
        Hit("LBC-006", "an allow list of outside addresses in Cluster mode", Severity.High, c => AllowList(c, "203.0.113.0/24")),
        Miss("LBC-006", "the same in Local mode", c => AllowList(Local(c), "203.0.113.0/24")),
        Miss("LBC-006", "a list that admits everyone", c => AllowList(c, "0.0.0.0/0")),
        Hit("LBC-007", "the user subnet refuses the ingress pod", Severity.High, c => c.Arrive(StoryCluster.IngressPod, "user", StoryCluster.AppPod, 8080, 50, deny: true)),
        Miss("LBC-007", "another pod is refused", c => c.Arrive(StoryCluster.AppPod, "ingress", StoryCluster.IngressPod, 8080, 50, deny: true)),
        Miss("LBC-007", "CoreDNS refuses the ingress pod's questions over TCP", c => CoreDns(c).Arrive(StoryCluster.IngressPod, "system", "10.244.0.53", 53, 50, deny: true)),
        Miss("LBC-007", "its metrics port", c => CoreDns(c).Arrive(StoryCluster.IngressPod, "system", "10.244.0.53", 9153, 50, deny: true)),
        Hit("LBC-008", "two nodes without a pod in Local mode", Severity.Info, c => Local(c).Probes("system", 0, 60).Probes("ingress", 0, 60).Probes("user", 0, 60, deny: true)),
        Miss("LBC-008", "the same in Cluster mode", c => c.Probes("system", 0, 60)),
        Hit("LBC-009", "a stray pod on the user node, whose NSG refuses the client", Severity.High, c => Stray(Local(c)).Clients("ingress", 0, 300).Clients("user", 0, 300, deny: true)),
        Miss("LBC-009", "the pods are where they belong", c => Local(c).Clients("ingress", 0, 60)),
        Miss("LBC-009", "a Local Service that lives on the user pool and is no ingress controller", c => OnUserPool(Local(c)).Clients("user", 0, 60)),
        Miss("LBC-009", "the same in Cluster mode", c => Stray(c).Clients("user", 0, 60)),
        Hit("LBC-010", "one pod carries as much as three", Severity.Medium, c => ThreeToOne(c, 150)),
        Miss("LBC-010", "connections follow the pods", c => ThreeToOne(c, 50)),
        Hit("LBC-011", "kube-proxy is probed, the second hop is refused", Severity.Critical, c => Masked(c, "user")),
        Miss("LBC-011", "no client arrives at the node that cannot forward", c => Masked(c, "ingress")),
    ];

    public static void State2(StoryCluster cluster)
    {
        foreach (var pool in StoryCluster.Pools)
            cluster.Probes(pool, 0, 300).Clients(pool, 0, 300, deny: pool != "ingress");
        cluster.Hops("user", cluster.IngressPods[0], (0, 300)).Hops("system", cluster.IngressPods[0], (0, 300));
    }

    private static void AllowList(StoryCluster cluster, string list)
    {
        cluster.Clients("user", 0, 60);
        cluster.Ingresses.Add(Row(("ingress", "shop/web"), ("service", StoryCluster.Service), ("allow_list", list)));
    }

    private static StoryCluster FromEverywhere(StoryCluster cluster, string[] refusing)
    {
        for (var i = 0; i < 90; i++)
        {
            var pool = StoryCluster.Pools[i % 3];
            var client = $"203.0.113.{i + 1}";
            cluster.Lake.Address(client, Row(("kind", "public")));
            cluster.Clients(pool, i, i + 1, deny: refusing.Contains(pool), client: client);
        }

        return cluster;
    }

    /// <summary>Thirty addresses are refused at the ingress node, at which a client from the internet is admitted.</summary>
    private static StoryCluster Scanners(StoryCluster cluster, string rule, bool managed = false, bool clients = true, string pool = "ingress")
    {
        if (clients)
            cluster.WithPublic().Clients(pool, 0, 60, client: CaseTools.Outside).Clients("user", 0, 60, client: CaseTools.Outside);
        if (managed)
            cluster.Lake.With(InventorySchema.Nsgs, Row(("nsg", "aks-agentpool-1-nsg"), ("acl_key", "/x/aks-agentpool-1-nsg"), ("nsg_id", "/x/aks-agentpool-1-nsg"), ("aks_managed", true)));
        for (var i = 0; i < 30; i++)
        {
            var scanner = $"198.51.100.{i + 1}";
            cluster.Lake.Address(scanner, Row(("kind", "public")));
            cluster.Lake.Add(i, StoryCluster.Mac(pool), $"{scanner}:{40000 + i} -> {StoryCluster.Frontend}:80", managed ? StoryCluster.Deny(pool, rule) with { Acl = "/x/aks-agentpool-1-nsg" } : StoryCluster.Deny(pool, rule));
        }

        return cluster;
    }

    private static StoryCluster Expect(StoryCluster cluster, string prefix)
    {
        cluster.Lake.With(ConfigurationTables.ExpectedClients, Row(("service", StoryCluster.Service), ("prefix", prefix)));
        return cluster;
    }

    private static StoryCluster CoreDns(StoryCluster cluster)
    {
        cluster.Lake.With(InventorySchema.Pods, Row(("pod", "kube-system/coredns-1"), ("namespace", "kube-system"), ("ip", "10.244.0.53"), ("node", StoryCluster.Node("system")), ("duty", "platform")));
        cluster.Lake.Address("10.244.0.53", Row(("kind", "pod"), ("name", "kube-system/coredns-1"), ("pod", "kube-system/coredns-1"), ("node", StoryCluster.Node("system"))));
        return cluster;
    }

    private static StoryCluster OnUserPool(StoryCluster cluster)
    {
        cluster.IngressPods.Clear();
        cluster.IsIngressController = false;
        return Stray(cluster);
    }

    private static StoryCluster Stray(StoryCluster cluster)
    {
        cluster.IngressPods.Add(("10.244.2.10", "user"));
        return cluster;
    }

    private static void ThreeToOne(StoryCluster cluster, int connections)
    {
        TwoIngress(Local(cluster)).IngressPods.AddRange([("10.244.5.2", "ingress2"), ("10.244.5.3", "ingress2")]);
        cluster.Clients("ingress", 0, connections).Clients("ingress2", 1000, 1150);
    }

    private static void Masked(StoryCluster cluster, string clients)
    {
        cluster.SharedProbe = true;
        cluster.Clients("ingress", 0, 300).Clients(clients, 0, 300).Hops("user", cluster.IngressPods[0], (0, 300), deny: true);
    }
}
