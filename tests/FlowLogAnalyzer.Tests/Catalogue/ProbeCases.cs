using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Analysis;
using static FlowLogAnalyzer.Tests.Catalogue.FindingCase;

namespace FlowLogAnalyzer.Tests.Catalogue;

internal static class ProbeCases
{
    public static IReadOnlyList<FindingCase> All { get; } =
    [
        Hit("LBP-001", "probes refused at the user node", Severity.High, c => c.Probes("system", 0, 300).Probes("ingress", 0, 300).Probes("user", 0, 300, deny: true)),
        Miss("LBP-001", "one lost probe", c => c.Probes("user", 0, 5, deny: true)),
        Miss("LBP-001", "refused at a node without a pod in Local mode", c => Local(c).Probes("user", 0, 300, deny: true).Probes("ingress", 0, 300)),
        Hit("LBP-002", "the ingress subnet refuses the other nodes while clients still arrive there", Severity.High,
            c => c.Probes("user", 0, 300).Clients("user", 0, 300).Hops("user", c.IngressPods[0], (0, 300), deny: true)),
        Miss("LBP-002", "the same in Local mode", c => Local(c).Hops("user", c.IngressPods[0], (0, 60), deny: true)),
        Miss("LBP-002", "the pod has moved", c => c.Hops("user", ("10.244.1.99", "ingress"), (0, 60), deny: true)),
        Hit("LBP-003", "two ingress nodes refuse each other", Severity.Critical, Flapping),
        Miss("LBP-003", "the refused node has no pod of its own", c => TwoIngress(c).Hops("user", c.IngressPods[0], (0, 60), deny: true)),
        Hit("LBP-004", "clients no longer reach one of three backends that the network admits", Severity.Medium,
            c => c.Probes("system", 0, 300).Probes("ingress", 0, 300).Probes("user", 0, 300).Clients("system", 0, 300).Clients("ingress", 0, 300).Clients("user", 0, 100)),
        Miss("LBP-004", "too few clients to tell", c => c.Probes("ingress", 0, 300).Probes("user", 0, 300).Clients("ingress", 0, 4)),
        Hit("LBP-005", "a backend's NIC is logged, its probe is not", Severity.Low,
            c => c.Probes("system", 0, 600).Probes("ingress", 0, 600).Probes("user", 0, 100).Clients("user", 0, 600)),
        Miss("LBP-005", "a short silence", c => c.Probes("ingress", 0, 600).Probes("user", 0, 350).Clients("user", 0, 600)),
    ];

    public static StoryCluster Local(StoryCluster cluster)
    {
        cluster.TrafficPolicy = "Local";
        return cluster;
    }

    public static StoryCluster TwoIngress(StoryCluster cluster)
    {
        cluster.Nodes.Add("ingress2");
        cluster.Roles["ingress2"] = "ingress";
        cluster.IngressPods.Add(("10.244.5.1", "ingress2"));
        return cluster;
    }

    private static void Flapping(StoryCluster cluster)
    {
        TwoIngress(cluster);
        foreach (var (from, to) in new[] { ("ingress", 1), ("ingress2", 0) })
        {
            cluster.Probes(from, 0, 600);
            for (var s = 0; s < 600; s += 10)
                cluster.Hops(from, cluster.IngressPods[to], (s, s + 1), deny: true);
        }
    }
}
