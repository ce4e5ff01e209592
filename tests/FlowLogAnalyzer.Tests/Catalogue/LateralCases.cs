using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Analysis;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;
using static FlowLogAnalyzer.Tests.Catalogue.FindingCase;
using static FlowLogAnalyzer.Tests.Catalogue.ProbeCases;

namespace FlowLogAnalyzer.Tests.Catalogue;

/// <summary>LAT-001 to LAT-008: who goes where nobody should.</summary>
internal static class LateralCases
{
    private const string User = "10.10.3.4";
    private const string System = "10.10.1.4";
    private const string Ingress = "10.10.2.4";

    public static IReadOnlyList<FindingCase> All { get; } =
    [
        Hit("LAT-001", "the user node opens an ingress pod in Local mode", Severity.Medium, c => Every20Seconds(Local(c).WithPods())),
        Miss("LAT-001", "the same in Cluster mode", c => c.WithPods().Hops("user", c.IngressPods[0], (0, 200))),
        Hit("LAT-002", "forty connections a minute more than were received", Severity.Medium, c => Forwarding(c).Arrive(User, "ingress", StoryCluster.IngressPod, 80, 280)),
        Miss("LAT-002", "as many as were received", c => Forwarding(c)),
        Miss("LAT-002", "the probes of that node are not logged", c => c.Clients("user", 0, 300).Clients("ingress", 0, 300).Probes("system", 0, 300).Arrive(User, "ingress", StoryCluster.IngressPod, 80, 280)),
        Miss("LAT-002", "the node's log breaks off within every other minute", c => BrokenOff(c)),
        Miss("LAT-002", "Local mode, which is LAT-001", c => Forwarding(Local(c)).Arrive(User, "ingress", StoryCluster.IngressPod, 80, 280)),
        Hit("LAT-003", "SSH from a user node into another pool", Severity.Critical, c => c.WithPods().Arrive(User, "ingress", Ingress, 22, 3)),
        Miss("LAT-003", "SSH from the bastion's subnet", c => Bastion(c).Arrive("10.10.9.5", "ingress", Ingress, 22, 3)),
        Hit("LAT-004", "a user node asks the kubelet of another one", Severity.High, c => c.WithPods().Arrive(User, "ingress", Ingress, 10250, 2)),
        Miss("LAT-004", "metrics-server asks, from behind its node", c => MetricsServer(c).Arrive(System, "ingress", Ingress, 10250, 20)),
        Miss("LAT-004", "Azure Monitor's collector asks, from behind its node", c => Agent(c, "Deployment/ama-metrics", "scraper", "system").Arrive(System, "ingress", Ingress, 10250, 20)),
        Hit("LAT-004", "an agent that runs on every node does not vouch for its node", Severity.High, c => Agent(c.WithPods(), "DaemonSet/ama-logs", "agent", "user").Arrive(User, "ingress", Ingress, 10250, 2)),
        Hit("LAT-004", "an unknown workload that asks every node since the logs began and is never refused", Severity.Info, c => Scrapes(c.WithPods(), 10250)),
        Hit("LAT-004", "the same that begins when the logs are half over", Severity.High, c => Scrapes(c.WithPods().Probes("system", 0, 2400), 10250, from: 1200)),
        Hit("LAT-004", "the same that one node refuses once", Severity.High, c => Scrapes(c.WithPods(), 10250).At([1000], "ingress", $"{User}:* -> {Ingress}:10250", StoryCluster.Deny("ingress"))),
        Miss("LAT-004", "an unknown scraper that flowlog.json declares", c => Scrapes(c.WithPods().Declare(User, "*", 10250), 10250)),
        Hit("LAT-005", "a machine uses a node port", Severity.Medium, c => c.Arrive(StoryCluster.Client, "user", User, StoryCluster.NodePort, 3)),
        Hit("LAT-005", "a machine is refused at a node port", Severity.Low, c => c.Arrive(StoryCluster.Client, "user", User, StoryCluster.NodePort, 3, deny: true)),
        Miss("LAT-005", "the load balancer's probes", c => c.Probes("user", 0, 300)),
        Miss("LAT-005", "a node port that another load balancer uses on purpose", c => c.Declare("client-vm", "pool:user", StoryCluster.NodePort).Arrive(StoryCluster.Client, "user", User, StoryCluster.NodePort, 3)),
        Miss("LAT-005", "a high port that is no Service's", c => c.Arrive(StoryCluster.Client, "user", User, 30123, 3)),
        Hit("LAT-006", "etcd's port on a system node", Severity.Medium, c => c.WithPods().Arrive(User, "system", System, 2379, 2)),
        Miss("LAT-006", "a scraper at kube-proxy's metrics", c => MetricsServer(c).Arrive(System, "user", User, 10249, 20)),
        Hit("LAT-006", "kube-proxy's metrics asked now and then by who knows whom", Severity.Low, c => c.WithPods().Arrive(User, "system", System, 10249, 2)),
        Miss("LAT-006", "an unknown workload that scrapes kube-proxy everywhere since the logs began", c => Scrapes(c.WithPods(), 10249)),
        Miss("LAT-006", "the API server's port outside the nodes", c => c.WithPublic().Leave("user", CaseTools.Outside, 6443, 3)),
        Hit("LAT-007", "port 445 of twelve pods", Severity.High, c => Sweep(c.WithPods(), 12)),
        Hit("LAT-007", "four nodes that refuse and twenty addresses that nobody has", Severity.High, c => Empty(c.WithPods(), answer: false)),
        Miss("LAT-007", "addresses that the inventory does not know and that answer", c => Empty(c.WithPods(), answer: true)),
        Miss("LAT-007", "nine hosts", c => Sweep(c.WithPods(), 9)),
        Hit("LAT-008", "twenty ports of one node", Severity.High, c => Scan(c.WithPods(), 20)),
        Hit("LAT-016", "118 tries over six hours", Severity.High, c => Slowly(c.WithPods(), 118, 1, deny: true)),
        Miss("LAT-016", "an application that tries its forty peers again and again", c => Slowly(c.WithPods(), 40, 5, deny: true)),
        Miss("LAT-016", "all of them are open", c => Slowly(c.WithPods(), 118, 1, deny: false)),
        Miss("LAT-016", "within ten minutes, which is LAT-008", c => Scan(c.WithPods(), 40)),
        Miss("LAT-008", "fourteen ports", c => Scan(c.WithPods(), 14)),
    ];

    /// <summary>Probes at the user node are logged for ten seconds of every other minute; what it hands to the ingress node always is.</summary>
    private static StoryCluster BrokenOff(StoryCluster cluster)
    {
        for (var start = 0; start < 600; start += 120)
            cluster.Probes("user", start, start + 10);
        return cluster.Arrive(User, "ingress", StoryCluster.IngressPod, 80, 580);
    }

    /// <summary>Probes and clients at the user node, each of which it hands to the pod on the ingress node.</summary>
    private static StoryCluster Forwarding(StoryCluster cluster)
    {
        cluster.WithPods().Probes("user", 0, 300).Clients("user", 0, 300).Hops("user", cluster.IngressPods[0], (0, 300));
        for (var s = 0; s < 300; s++)
            cluster.Lake.Add(s + 0.2, StoryCluster.Mac("ingress"), $"{User}:{20000 + s} -> {StoryCluster.IngressPod}:80", StoryCluster.Allow("ingress"));
        return cluster;
    }

    private static void Every20Seconds(StoryCluster cluster)
    {
        for (var s = 0; s < 600; s += 20)
            cluster.Hops("user", cluster.IngressPods[0], (s, s + 1));
    }

    private static StoryCluster Bastion(StoryCluster cluster)
    {
        cluster.Lake.Address("10.10.9.5", Row(("kind", "infrastructure"), ("name", "bastion")));
        return cluster;
    }

    /// <summary>The user node asks the two others every 30 seconds for forty minutes, or from some second on.</summary>
    private static StoryCluster Scrapes(StoryCluster cluster, int port, double from = 0)
    {
        for (var s = from; s < 2400; s += 30)
        {
            cluster.Lake.Add(s, StoryCluster.Mac("system"), $"{User}:{30000 + (int)s} -> {System}:{port}", StoryCluster.Allow("system"));
            cluster.Lake.Add(s + 3, StoryCluster.Mac("ingress"), $"{User}:{30000 + (int)s} -> {Ingress}:{port}", StoryCluster.Allow("ingress"));
        }

        return cluster;
    }

    private static StoryCluster MetricsServer(StoryCluster cluster) => Agent(cluster, "Deployment/metrics-server", "scraper", "system");

    private static StoryCluster Agent(StoryCluster cluster, string workload, string duty, string pool)
    {
        cluster.Lake.With(InventorySchema.Pods, Row(("pod", "kube-system/agent-1"), ("workload", workload), ("duty", duty), ("namespace", "kube-system"), ("ip", "10.244.0.40"), ("node", StoryCluster.Node(pool))));
        return cluster;
    }

    private static void Sweep(StoryCluster cluster, int hosts)
    {
        for (var i = 0; i < hosts; i++)
        {
            var ip = $"10.244.1.{100 + i}";
            cluster.Lake.Address(ip, Row(("kind", "pod"), ("name", $"shop/web-{i}"), ("pod", $"shop/web-{i}"), ("node", StoryCluster.Node("ingress"))));
            cluster.Lake.Add(i, StoryCluster.Mac("ingress"), $"{User}:{50000 + i} -> {ip}:445", StoryCluster.Deny("ingress"));
        }
    }

    /// <summary>Port 445 of twenty-four addresses of the network, as the sender's node logs it.</summary>
    private static StoryCluster Empty(StoryCluster cluster, bool answer)
    {
        for (var i = 0; i < 24; i++)
        {
            var ip = $"10.10.7.{10 + i}";
            cluster.Lake.Address(ip, Row(("kind", "vnet"), ("subnet", "snet-other")));
            cluster.Lake.Add(i, StoryCluster.Mac("user"), $"{User}:{50000 + i} -> {ip}:445", StoryCluster.Allow("user", outbound: true));
            if (answer)
                cluster.Lake.Add(i + 5, StoryCluster.Mac("user"), $"{User}:{50000 + i} -> {ip}:445", StoryCluster.Allow("user", outbound: true) with { State = "End", Sent = 4000, Received = 4000 });
        }

        return cluster;
    }

    /// <summary>Tries at ports of the ingress and the system node by turns, one every three minutes and more.</summary>
    private static StoryCluster Slowly(StoryCluster cluster, int targets, int times, bool deny)
    {
        for (var i = 0; i < targets * times; i++)
        {
            var (pool, ip) = i % 2 == 0 ? ("ingress", Ingress) : ("system", System);
            cluster.Lake.Add(i * 183, StoryCluster.Mac(pool), $"{User}:{32768 + i} -> {ip}:{1000 + (i % targets)}", deny ? StoryCluster.Deny(pool) : StoryCluster.Allow(pool));
        }

        return cluster;
    }

    private static void Scan(StoryCluster cluster, int ports)
    {
        for (var i = 0; i < ports; i++)
            cluster.Lake.Add(i * 0.5, StoryCluster.Mac("ingress"), $"{User}:{50000 + i} -> {Ingress}:{1000 + i}", StoryCluster.Deny("ingress"));
    }
}
