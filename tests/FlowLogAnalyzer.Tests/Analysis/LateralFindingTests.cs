using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;

namespace FlowLogAnalyzer.Tests.Analysis;

public class LateralFindingTests
{
    private static readonly string User = StoryCluster.Node("user");

    [Theory]
    [InlineData(20, false, Severity.Medium)]
    [InlineData(2, false, Severity.High)]
    [InlineData(20, true, Severity.Low)]
    public void LAT_001_finds_a_node_that_opens_an_ingress_pod_in_Local_mode(int everySeconds, bool deny, Severity severity)
    {
        using var cluster = Local();
        for (var s = 0; s < 600; s += everySeconds)
            cluster.Hops("user", cluster.IngressPods[0], (s, s + 1), deny);

        var finding = Assert.Single(cluster.Check("LAT-001"));

        Assert.Equal(severity, finding.Severity);
        Assert.Equal(User, finding["sourceNode"]);
        Assert.Equal("10.10.3.4", finding["source"]);
        Assert.Equal("nsg-ingress", finding["nsg"]);
        Assert.Equal(600 / everySeconds, finding.Count);
        Assert.Equal(["kube-system/kube-proxy-user (in the node's network)", "shop/api-1 (masqueraded by the node)"], (List<object?>)finding["candidatePods"]!);
        Assert.Equal(["kube-system/kube-proxy-user"], (List<object?>)finding["hostNetworkPods"]!);
        Assert.Contains(finding.Limits, l => l.Contains("any of its pods", StringComparison.Ordinal) && l.Contains("shop/api-1", StringComparison.Ordinal));
        Assert.Equal(["T1021", "T1210"], finding.Attack.Select(a => a.Id));
    }

    [Theory]
    [InlineData("Cluster mode")]
    [InlineData("Cluster mode until five minutes ago")]
    [InlineData("another Service in Cluster mode selects the pod")]
    [InlineData("a pod calls")]
    public void LAT_001_is_silent_when_something_else_explains_the_connection(string why)
    {
        using var cluster = why == "Cluster mode" ? new StoryCluster() : Local();
        if (why.StartsWith("Cluster mode until", StringComparison.Ordinal))
            cluster.Lake.With(InventorySchema.Services, Row(("service", StoryCluster.Service), ("type", "LoadBalancer"), ("traffic_policy", "Cluster"), ("valid_to", Start.AddSeconds(-300))));
        if (why.StartsWith("another", StringComparison.Ordinal))
        {
            cluster.Lake.With(InventorySchema.Services, Row(("service", "ingress/second"), ("type", "NodePort"), ("traffic_policy", "Cluster")));
            cluster.Lake.With(InventorySchema.Endpoints, Row(("service", "ingress/second"), ("port", 8080), ("ip", StoryCluster.IngressPod), ("target_port", 80), ("node", StoryCluster.Node("ingress")), ("ready", true)));
        }

        if (why == "a pod calls")
            cluster.Lake.Add(1, StoryCluster.Mac("ingress"), $"{StoryCluster.AppPod}:40000 -> {StoryCluster.IngressPod}:80", StoryCluster.Allow("ingress"));
        else
            cluster.Hops("user", cluster.IngressPods[0], (0, 200));

        Assert.Empty(cluster.Check("LAT-001"));
    }

    [Fact]
    public void LAT_001_counts_from_ten_minutes_after_the_switch_to_Local_mode()
    {
        using var cluster = Local();
        cluster.Lake.With(InventorySchema.Services, Row(("service", StoryCluster.Service), ("type", "LoadBalancer"), ("traffic_policy", "Cluster"), ("valid_to", Start)));
        cluster.Hops("user", cluster.IngressPods[0], (0, 900));

        var finding = Assert.Single(cluster.Check("LAT-001"));

        Assert.Equal(Start.AddSeconds(600), finding.FirstSeen);
        Assert.Equal(60, finding.Count);
    }

    [Fact]
    public void LAT_003_says_where_SSH_was_let_in_and_where_refused_and_names_no_single_pod()
    {
        using var cluster = WithPods(new StoryCluster());
        Try(cluster, "user", "system", 22, (0, 3), deny: true);
        Try(cluster, "user", "ingress", 22, (10, 12), deny: false);

        var finding = Assert.Single(cluster.Check("LAT-003"));

        Assert.Equal(Severity.Critical, finding.Severity);
        Assert.Equal($"SSH from {User}", finding.Subject);
        Assert.Equal((5L, 2L, 3L, 0L), (finding.Count, (long)finding["arrived"]!, (long)finding["refused"]!, (long)finding["sent"]!));
        Assert.Equal([StoryCluster.Node("ingress")], (List<object?>)finding["reachedNodes"]!);
        Assert.Equal(["nsg-system/DenyRest"], (List<object?>)finding["refusedBy"]!);
        Assert.Equal(["nsg-ingress/AllowVnetInBound"], (List<object?>)finding["admittedBy"]!);
        Assert.Equal(["T1021.004"], finding.Attack.Select(a => a.Id));
        Assert.Equal(["kube-system/kube-proxy-user (in the node's network)", "shop/api-1 (masqueraded by the node)"], (List<object?>)finding["candidatePods"]!);
        Assert.DoesNotContain("shop/api-1", finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void LAT_003_does_not_take_the_allowed_twin_at_the_sender_or_a_repeated_SYN_for_more_tries()
    {
        using var cluster = WithPods(new StoryCluster());
        cluster.Lake.Add(0, StoryCluster.Mac("ingress"), "10.10.2.4:40000 -> 10.10.1.4:22", StoryCluster.Allow("ingress", outbound: true));
        foreach (var s in new[] { 0.001, 1, 3, 7 })
            cluster.Lake.Add(s, StoryCluster.Mac("system"), "10.10.2.4:40000 -> 10.10.1.4:22", StoryCluster.Deny("system"));

        var finding = Assert.Single(cluster.Check("LAT-003"));

        Assert.Equal(Severity.Medium, finding.Severity);
        Assert.Equal((1L, 0L, 1L), (finding.Count, (long)finding["arrived"]!, (long)finding["refused"]!));
    }

    [Theory]
    [InlineData(11, "T1110")]
    [InlineData(10, null)]
    public void LAT_003_calls_more_than_ten_tries_in_five_minutes_brute_force(int tries, string? technique)
    {
        using var cluster = WithPods(new StoryCluster());
        for (var i = 0; i < tries; i++)
            Try(cluster, "ingress", "system", 3389, (i * 28, (i * 28) + 1), deny: true);

        var finding = Assert.Single(cluster.Check("LAT-003"));

        Assert.Equal(technique is null ? Severity.Medium : Severity.High, finding.Severity);
        Assert.Equal(technique is null ? ["T1021.001"] : ["T1021.001", technique], finding.Attack.Select(a => a.Id));
    }

    [Fact]
    public void LAT_003_ignores_the_bastion_machines_as_destinations_and_refusals_of_a_port_scan()
    {
        using var cluster = WithPods(new StoryCluster());
        cluster.Lake.Address("10.10.9.5", Row(("kind", "infrastructure"), ("name", "bastion")));
        cluster.Lake.Add(0, StoryCluster.Mac("user"), "10.10.9.5:40000 -> 10.10.3.4:22", StoryCluster.Allow("user"));
        cluster.Lake.Add(0, StoryCluster.Mac("user"), $"10.10.3.4:40000 -> {StoryCluster.Client}:22", StoryCluster.Allow("user", outbound: true));
        Scan(cluster, 20, port => port + 10);

        Assert.Empty(cluster.Check("LAT-003"));
        Assert.Single(cluster.Check("LAT-008"));
    }

    [Fact]
    public void LAT_003_takes_jump_hosts_from_a_parameter()
    {
        using var cluster = WithPods(new StoryCluster());
        cluster.Lake.Add(0, StoryCluster.Mac("user"), $"{StoryCluster.Client}:40000 -> 10.10.3.4:22", StoryCluster.Allow("user"));
        using var database = cluster.Open();
        var query = database.Library.Find("LAT-003")!;

        Assert.Single(Rows(database, query, "10.10.5.0/24"));
        Assert.Empty(Rows(database, query, "10.10.5.0/24, 10.10.4.0/24"));
    }

    [Theory]
    [InlineData(1, true, Severity.Medium)]
    [InlineData(1, false, Severity.High)]
    [InlineData(3, true, Severity.Critical)]
    public void LAT_004_finds_who_asks_kubelets_and_weighs_how_many(int kubelets, bool deny, Severity severity)
    {
        using var cluster = WithPods(new StoryCluster());
        cluster.Nodes.Add("user2");
        var targets = new[] { "ingress", "system", "user2" }.Take(kubelets).ToList();
        foreach (var target in targets)
            Try(cluster, "user", target, 10250, (0, 1), deny);

        var finding = Assert.Single(cluster.Check("LAT-004"));

        Assert.Equal(severity, finding.Severity);
        Assert.Equal(Confidence.Medium, finding.Confidence);
        Assert.Equal("10.10.3.4", finding["source"]);
        Assert.Equal(targets.Select(StoryCluster.Node).Order(), (List<object?>)finding["nodes"]!);
        Assert.Contains("no good here", finding.Fix!.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kubenet", "10.10.1.4", true)]
    [InlineData("kubenet", "10.10.3.4", false)]
    [InlineData("node-subnet", "10.10.1.40", true)]
    [InlineData("node-subnet", "10.10.1.4", false)]
    public void LAT_004_expects_metrics_server_at_the_address_it_has_on_this_network(string mode, string source, bool expected)
    {
        using var cluster = new StoryCluster { NetworkMode = mode };
        var address = mode == "kubenet" ? "10.244.0.40" : "10.10.1.40";
        cluster.Lake.With(InventorySchema.Pods, Row(("pod", "kube-system/metrics-server-1"), ("workload", "metrics-server"), ("duty", "scraper"), ("namespace", "kube-system"), ("ip", address), ("node", StoryCluster.Node("system"))));
        cluster.Lake.Address("10.10.1.40", Row(("kind", "pod"), ("name", "kube-system/metrics-server-1"), ("pod", "kube-system/metrics-server-1"), ("node", StoryCluster.Node("system")), ("role", "system")));
        cluster.Lake.Add(0, StoryCluster.Mac("ingress"), $"{source}:40000 -> 10.10.2.4:10250", StoryCluster.Allow("ingress"));

        Assert.Equal(expected ? 0 : 1, cluster.Check("LAT-004").Count);
    }

    [Fact]
    public void LAT_004_lets_nobody_use_the_port_without_a_password_and_leaves_the_API_server_alone()
    {
        using var cluster = WithPods(new StoryCluster());
        cluster.Lake.With(InventorySchema.Pods, Row(("pod", "kube-system/metrics-server-1"), ("workload", "metrics-server"), ("duty", "scraper"), ("ip", "10.244.0.40"), ("node", StoryCluster.Node("system"))));
        cluster.Lake.Address("10.10.8.4", Row(("kind", "apiserver"), ("name", "kube-apiserver")));
        cluster.Lake.Add(0, StoryCluster.Mac("user"), "10.10.8.4:40000 -> 10.10.3.4:10250", StoryCluster.Allow("user"));
        Try(cluster, "system", "user", 10255, (0, 1), deny: false);

        Assert.Equal(10255L, Assert.Single(cluster.Check("LAT-004"))["port"]);
    }

    [Fact]
    public void LAT_004_does_not_trust_a_node_because_an_agent_of_every_node_runs_there()
    {
        using var cluster = WithPods(new StoryCluster());
        foreach (var (workload, i) in new[] { "ama-logs", "ama-metrics-node", "prometheus-node-exporter" }.Select((w, i) => (w, i)))
            cluster.Lake.With(InventorySchema.Pods, Row(("pod", $"kube-system/{workload}-{i}"), ("workload", workload), ("duty", "agent"), ("ip", $"10.244.2.{60 + i}"), ("node", User)));
        Try(cluster, "user", "ingress", 10250, (0, 1), deny: false);

        Assert.Single(cluster.Check("LAT-004"));
    }

    [Fact]
    public void LAT_007_finds_one_port_on_many_hosts_with_the_share_of_hosts_that_refused()
    {
        using var cluster = WithPods(new StoryCluster());
        Sweep(cluster, hosts: 12, refusing: 6, port: 445);

        var finding = Assert.Single(cluster.Check("LAT-007"));

        Assert.Equal(Severity.High, finding.Severity);
        Assert.Equal((445L, 12L, 0.5), ((long)finding["port"]!, (long)finding["hostCount"]!, (double)finding["refusedShare"]!));
        Assert.Equal((12L, User), (finding.Count, (string)finding["sourceNode"]!));
        Assert.Equal(["T1046", "T1018"], finding.Attack.Select(a => a.Id));
    }

    [Fact]
    public void LAT_007_finds_a_sweep_that_is_let_in_when_nothing_is_said()
    {
        using var quiet = WithPods(new StoryCluster());
        Sweep(quiet, hosts: 12, refusing: 0, port: 9000, bytes: 60);
        Assert.Contains("packets on average", Assert.Single(quiet.Check("LAT-007")).Explanation, StringComparison.Ordinal);

        using var talking = WithPods(new StoryCluster());
        Sweep(talking, hosts: 12, refusing: 0, port: 9000, bytes: 4000);
        Assert.Empty(talking.Check("LAT-007"));
    }

    [Theory]
    [InlineData("too few hosts")]
    [InlineData("too few refusals")]
    [InlineData("too slow")]
    [InlineData("endpoints of a Service")]
    [InlineData("a scraper on its port")]
    [InlineData("the load balancer")]
    public void LAT_007_is_silent_about(string what)
    {
        using var cluster = WithPods(new StoryCluster());
        if (what == "a scraper on its port")
            cluster.Lake.With(InventorySchema.Pods, Row(("pod", "monitoring/prometheus-0"), ("workload", "prometheus"), ("duty", "scraper"), ("ip", "10.244.2.70"), ("node", User)));
        Sweep(cluster, what == "too few hosts" ? 9 : 12, what == "too few refusals" ? 4 : 12, what == "a scraper on its port" ? 9100 : 445,
            every: what == "too slow" ? 120 : 1, service: what.StartsWith("endpoints", StringComparison.Ordinal), source: what == "the load balancer" ? "168.63.129.16" : "10.10.3.4");

        Assert.Empty(cluster.Check("LAT-007"));
    }

    [Fact]
    public void LAT_007_counts_refused_second_hops_to_many_pods_as_what_they_are()
    {
        using var cluster = WithPods(new StoryCluster());
        for (var i = 0; i < 12; i++)
            cluster.IngressPods.Add(($"10.244.1.{100 + i}", "ingress"));
        foreach (var pod in cluster.IngressPods)
            cluster.Hops("user", pod, (0, 100), deny: true);

        Assert.Empty(cluster.Check("LAT-007"));
        Assert.Single(cluster.Check("LBP-002"));
    }

    [Theory]
    [InlineData(15, 8, true)]
    [InlineData(15, 7, false)]
    [InlineData(14, 14, false)]
    [InlineData(30, 0, true)]
    [InlineData(29, 0, false)]
    public void LAT_008_finds_many_ports_of_one_host(int ports, int refused, bool found)
    {
        using var cluster = WithPods(new StoryCluster());
        Scan(cluster, ports, port => 1000 + port, refused);

        var findings = cluster.Check("LAT-008");

        Assert.Equal(found ? 1 : 0, findings.Count);
        if (found)
            Assert.Equal((Severity.High, (long)ports, "10.10.2.4", User), (findings[0].Severity, (long)findings[0]["portCount"]!, (string)findings[0]["destination"]!, (string)findings[0]["sourceNode"]!));
    }

    [Fact]
    public void LAT_008_sees_a_scan_across_the_edge_of_a_window_once_and_two_scans_as_two()
    {
        using var cluster = WithPods(new StoryCluster());
        Scan(cluster, 20, port => 1000 + port, from: 590);
        Scan(cluster, 20, port => 1000 + port, from: 7190);

        var findings = cluster.Check("LAT-008");

        Assert.Equal([20L, 20L], findings.Select(f => f.Count));
        Assert.Equal(Start.AddSeconds(590), findings[0].FirstSeen);
        Assert.Equal(Start.AddSeconds(7190), findings[1].FirstSeen);
    }

    [Fact]
    public void LAT_008_leaves_out_a_lone_try_minutes_before_the_scan()
    {
        using var cluster = WithPods(new StoryCluster());
        Scan(cluster, 1, _ => 445, from: 10);
        Scan(cluster, 20, port => 1000 + port, from: 400);

        var finding = Assert.Single(cluster.Check("LAT-008"));

        Assert.Equal((20L, Start.AddSeconds(400)), (finding.Count, finding.FirstSeen));
        Assert.Contains("within a minute", finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void LAT_008_ignores_ephemeral_ports_swapped_rows_and_calls_the_internet_info()
    {
        using var cluster = WithPods(new StoryCluster());
        Scan(cluster, 40, port => 40000 + port);
        for (var i = 0; i < 40; i++)
            cluster.Lake.Add(i, StoryCluster.Mac("ingress"), $"10.10.1.4:443 -> 10.10.2.4:{2000 + i}", StoryCluster.Deny("ingress"));
        Assert.Empty(cluster.Check("LAT-008"));

        using var internet = WithPods(new StoryCluster());
        internet.Lake.Address("203.0.113.9", Row(("kind", "public")));
        for (var i = 0; i < 40; i++)
            internet.Lake.Add(i, StoryCluster.Mac("ingress"), $"203.0.113.9:50000 -> 10.10.2.4:{2000 + i}", StoryCluster.Deny("ingress"));
        Assert.Equal(Severity.Info, Assert.Single(internet.Check("LAT-008")).Severity);
    }

    private static StoryCluster Local() => WithPods(new StoryCluster { TrafficPolicy = "Local" });

    /// <summary>The pods of the user node: one of its own and one in the node's network.</summary>
    private static StoryCluster WithPods(StoryCluster cluster)
    {
        cluster.Lake.With(InventorySchema.Pods,
            Row(("pod", "shop/api-1"), ("namespace", "shop"), ("ip", StoryCluster.AppPod), ("node", User), ("workload", "api"), ("host_network", false)),
            Row(("pod", "kube-system/kube-proxy-user"), ("namespace", "kube-system"), ("ip", StoryCluster.Ip("user")), ("node", User), ("workload", "kube-proxy"), ("host_network", true)));
        return cluster;
    }

    /// <summary>One try a second from node to node, as both ends log it.</summary>
    private static void Try(StoryCluster cluster, string from, string to, int port, (int From, int To) seconds, bool deny)
    {
        for (var s = seconds.From; s < seconds.To; s++)
        {
            var flow = $"{StoryCluster.Ip(from)}:{40000 + s} -> {StoryCluster.Ip(to)}:{port}";
            cluster.Lake.Add(s, StoryCluster.Mac(from), flow, StoryCluster.Allow(from, outbound: true));
            cluster.Lake.Add(s + 0.001, StoryCluster.Mac(to), flow, deny ? StoryCluster.Deny(to) : StoryCluster.Allow(to));
        }
    }

    /// <summary>Ports of the ingress node, two a second.</summary>
    private static void Scan(StoryCluster cluster, int ports, Func<int, int> port, int? refused = null, double from = 0)
    {
        for (var i = 0; i < ports; i++)
            cluster.Lake.Add(from + (i * 0.5), StoryCluster.Mac("ingress"), $"10.10.3.4:{50000 + i} -> 10.10.2.4:{port(i)}", i < (refused ?? ports) ? StoryCluster.Deny("ingress") : StoryCluster.Allow("ingress"));
    }

    /// <summary>One port of many pods on the ingress node.</summary>
    private static void Sweep(StoryCluster cluster, int hosts, int refusing, int port, double every = 1, long? bytes = null, bool service = false, string source = "10.10.3.4")
    {
        for (var i = 0; i < hosts; i++)
        {
            var ip = $"10.244.1.{100 + i}";
            cluster.Lake.Address(ip, Row(("kind", "pod"), ("name", $"shop/web-{i}"), ("pod", $"shop/web-{i}"), ("node", StoryCluster.Node("ingress"))));
            if (service)
                cluster.Lake.With(InventorySchema.Endpoints, Row(("service", "shop/web"), ("port", 80), ("ip", ip), ("target_port", port), ("node", StoryCluster.Node("ingress")), ("ready", true)));
            var flow = $"{source}:{50000 + i} -> {ip}:{port}";
            cluster.Lake.Add(i * every, StoryCluster.Mac("ingress"), flow, i < refusing ? StoryCluster.Deny("ingress") : StoryCluster.Allow("ingress"));
            if (bytes is { } sent)
                cluster.Lake.Add((i * every) + 1, StoryCluster.Mac("ingress"), flow, StoryCluster.Allow("ingress") with { State = "End", Sent = 100, Received = sent });
        }
    }

    private static List<object?[]> Rows(LakeDatabase database, QueryFile query, string allowed)
    {
        using var rows = database.Run(query, new Dictionary<string, string>(StringComparer.Ordinal) { ["allowed_sources"] = allowed });
        return [.. rows.Read()];
    }
}
