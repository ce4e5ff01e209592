using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;
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
        Hit("LBC-002", "refused at the ingress node, admitted at another", Severity.Medium, c => c.Clients("ingress", 0, 60, deny: true).Clients("user", 0, 60)),
        Miss("LBC-002", "refused at other nodes only", State2),
        Hit("LBC-006", "an allow list of outside addresses in Cluster mode", Severity.High, c => AllowList(c, "203.0.113.0/24")),
        Miss("LBC-006", "the same in Local mode", c => AllowList(Local(c), "203.0.113.0/24")),
        Miss("LBC-006", "a list that admits everyone", c => AllowList(c, "0.0.0.0/0")),
        Hit("LBC-007", "the user subnet refuses the ingress pod", Severity.High, c => c.Arrive(StoryCluster.IngressPod, "user", StoryCluster.AppPod, 8080, 50, deny: true)),
        Miss("LBC-007", "another pod is refused", c => c.Arrive(StoryCluster.AppPod, "ingress", StoryCluster.IngressPod, 8080, 50, deny: true)),
        Hit("LBC-008", "two nodes without a pod in Local mode", Severity.Info, c => Local(c).Probes("system", 0, 60).Probes("ingress", 0, 60).Probes("user", 0, 60, deny: true)),
        Miss("LBC-008", "the same in Cluster mode", c => c.Probes("system", 0, 60)),
        Hit("LBC-009", "a stray pod on the user node, whose NSG refuses the client", Severity.High, c => Stray(Local(c)).Clients("ingress", 0, 300).Clients("user", 0, 300, deny: true)),
        Miss("LBC-009", "the pods are where they belong", c => Local(c).Clients("ingress", 0, 60)),
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
