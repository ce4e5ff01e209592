using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Analysis;

public class ProbeFindingTests
{
    [Fact]
    public void LBP_001_names_the_rule_that_drops_the_probe_and_the_nodes_it_takes_out()
    {
        using var cluster = new StoryCluster();
        cluster.Probes("system", 0, 300).Probes("ingress", 0, 300).Probes("user", 0, 300, deny: true);

        var finding = Assert.Single(cluster.Check("LBP-001"));

        Assert.Equal(Severity.High, finding.Severity);
        Assert.Equal("nsg-user", finding["nsg"]);
        Assert.Equal("DenyVnet", finding["rule"]);
        Assert.Equal([StoryCluster.Node("user")], (List<object?>)finding["nodes"]!);
        Assert.Equal((long)StoryCluster.NodePort, finding["port"]);
        Assert.Equal(60, finding.Count);
        Assert.Equal(LakeBuilder.Start, finding.FirstSeen);
        Assert.Equal(LakeBuilder.Start.AddSeconds(295), finding.LastSeen);
        Assert.Contains("takes 1 of 3 backends out of service", finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void LBP_001_is_critical_when_every_backend_is_out()
    {
        using var cluster = new StoryCluster();
        foreach (var pool in StoryCluster.Pools)
            cluster.Probes(pool, 0, 60, deny: true);

        var findings = cluster.Check("LBP-001");

        Assert.Equal(["nsg-ingress", "nsg-system", "nsg-user"], findings.Select(f => f["nsg"]));
        Assert.All(findings, f => Assert.Equal(Severity.Critical, f.Severity));
    }

    [Fact]
    public void LBP_001_ignores_one_lost_probe_and_a_node_without_endpoints_in_Local_mode()
    {
        using var once = new StoryCluster();
        once.Probes("user", 0, 5, deny: true);
        Assert.Empty(once.Check("LBP-001"));

        using var local = new StoryCluster { TrafficPolicy = "Local" };
        local.Probes("user", 0, 300, deny: true).Probes("ingress", 0, 300);
        Assert.Empty(local.Check("LBP-001"));
    }

    [Fact]
    public void LBP_001_reports_a_platform_probe_that_no_load_balancer_explains_as_low()
    {
        using var cluster = new StoryCluster { ProbePort = 10256 };
        cluster.Probes("user", 0, 60, deny: true);
        cluster.ProbePort = StoryCluster.NodePort;

        var finding = Assert.Single(cluster.Check("LBP-001"));

        Assert.Equal(Severity.Low, finding.Severity);
        Assert.Equal(10256L, finding["port"]);
        Assert.Null(finding["service"]);
    }

    [Fact]
    public void LBP_002_finds_the_second_hops_that_the_ingress_subnet_refuses()
    {
        using var cluster = new StoryCluster();
        foreach (var pool in StoryCluster.Pools)
            cluster.Probes(pool, 0, 300);
        cluster.Hops("user", cluster.IngressPods[0], (1, 300), deny: true).Hops("system", cluster.IngressPods[0], (2, 300), deny: true);

        var finding = Assert.Single(cluster.Check("LBP-002"));

        Assert.Equal(Severity.Medium, finding.Severity);
        Assert.Equal("nsg-ingress", finding["nsg"]);
        Assert.Equal("DenyRest", finding["rule"]);
        Assert.Equal([StoryCluster.Node("system"), StoryCluster.Node("user")], (List<object?>)finding["nodes"]!);
        Assert.Equal(StoryCluster.IngressPod, finding["destination"]);
        Assert.Equal(80L, finding["port"]);
        Assert.Equal(120, finding.Count);
        Assert.Contains("2 of 3 backends", finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void LBP_002_is_high_while_clients_still_arrive_at_the_nodes_that_cannot_forward()
    {
        using var cluster = new StoryCluster();
        cluster.Hops("user", cluster.IngressPods[0], (0, 60), deny: true).Clients("user", 0, 20);

        Assert.Equal(Severity.High, Assert.Single(cluster.Check("LBP-002")).Severity);
    }

    [Fact]
    public void LBP_002_ignores_Local_mode_other_ports_of_the_pod_and_a_pod_that_has_moved()
    {
        using var local = new StoryCluster { TrafficPolicy = "Local" };
        local.Hops("user", local.IngressPods[0], (0, 60), deny: true);
        Assert.Empty(local.Check("LBP-002"));

        using var otherPort = new StoryCluster();
        for (var s = 0; s < 60; s += 5)
            otherPort.Lake.Add(s, StoryCluster.Mac("ingress"), $"{StoryCluster.Ip("user")}:50000 -> {StoryCluster.IngressPod}:10254", StoryCluster.Deny("ingress"));
        Assert.Empty(otherPort.Check("LBP-002"));

        using var moved = new StoryCluster();
        moved.Hops("user", ("10.244.1.99", "ingress"), (0, 60), deny: true);
        Assert.Empty(moved.Check("LBP-002"));
    }

    [Fact]
    public void LBP_003_finds_ingress_nodes_that_refuse_each_other_and_the_share_they_lose()
    {
        using var cluster = TwoIngressNodes();
        foreach (var (from, to) in new[] { ("ingress", 1), ("ingress2", 0) })
        {
            cluster.Probes(from, 0, 600);
            for (var s = 0; s < 600; s += 10)
                cluster.Hops(from, cluster.IngressPods[to], (s, s + 1), deny: true);
        }

        var findings = cluster.Check("LBP-003");

        Assert.Equal(["nsg-ingress", "nsg-ingress2"], findings.Select(f => f["nsg"]));
        Assert.All(findings, f => Assert.Equal(Severity.Critical, f.Severity));
        Assert.Equal(60, findings[0].Count);
        Assert.Equal(0.5, (double)findings[0]["expectedFailureShare"]!, 3);
        Assert.Equal(0.5, (double)findings[0]["observedFailureShare"]!, 1);
        Assert.Empty(cluster.Check("LBP-002"));
    }

    [Fact]
    public void LBP_003_leaves_nodes_without_a_pod_of_their_own_to_LBP_002()
    {
        using var cluster = TwoIngressNodes();
        cluster.Hops("user", cluster.IngressPods[0], (0, 60), deny: true);

        Assert.Empty(cluster.Check("LBP-003"));
        Assert.Single(cluster.Check("LBP-002"));
    }

    [Fact]
    public void LBP_004_finds_the_backend_that_the_network_admits_and_no_client_reaches()
    {
        using var cluster = new StoryCluster();
        cluster.Probes("system", 0, 300).Probes("ingress", 0, 300).Probes("user", 0, 300);
        cluster.Clients("system", 0, 300).Clients("ingress", 0, 300).Clients("user", 0, 100);

        var finding = Assert.Single(cluster.Check("LBP-004"));

        Assert.Equal([StoryCluster.Node("user")], (List<object?>)finding["nodes"]!);
        Assert.Equal(Severity.Medium, finding.Severity);
        Assert.Equal(LakeBuilder.Start.AddSeconds(99), finding["lastClientAt"]);
        Assert.Equal(40, finding.Count);
    }

    [Theory]
    [InlineData("too few clients")]
    [InlineData("the node's clients are refused there, so they reach it")]
    [InlineData("second hop refused")]
    [InlineData("probe refused")]
    [InlineData("probe refused for a while")]
    [InlineData("affinity")]
    [InlineData("Local mode without a pod there")]
    public void LBP_004_is_silent_when_silence_means_nothing(string why)
    {
        using var cluster = new StoryCluster { Affinity = why == "affinity" ? "ClientIP" : null, TrafficPolicy = why.StartsWith("Local", StringComparison.Ordinal) ? "Local" : "Cluster" };
        cluster.Probes("ingress", 0, 300).Probes("user", 0, 300, deny: why == "probe refused");
        if (why.StartsWith("too few", StringComparison.Ordinal))
            cluster.Clients("ingress", 0, 4).Clients("ingress", 295, 299);
        else
            cluster.Clients("ingress", 0, 300);
        cluster.Nodes.Remove("system");
        if (why.EndsWith("while", StringComparison.Ordinal))
            cluster.Probes("user", 100, 120, deny: true);
        if (why.StartsWith("the node", StringComparison.Ordinal))
            cluster.Clients("user", 0, 300, deny: true);
        if (why.StartsWith("second", StringComparison.Ordinal))
            cluster.Hops("user", cluster.IngressPods[0], (0, 300), deny: true);

        Assert.Empty(cluster.Check("LBP-004"));
    }

    [Fact]
    public void LBP_005_finds_a_backend_whose_NIC_is_logged_but_whose_probe_is_not()
    {
        using var cluster = new StoryCluster();
        cluster.Probes("system", 0, 600).Probes("ingress", 0, 600).Probes("user", 0, 100).Clients("user", 0, 600);

        var finding = Assert.Single(cluster.Check("LBP-005"));

        Assert.Equal([StoryCluster.Node("user")], (List<object?>)finding["nodes"]!);
        Assert.Equal((long)StoryCluster.NodePort, finding["port"]);
        Assert.Equal(Severity.Low, finding.Severity);
        Assert.Equal(505, finding.Count);
    }

    [Fact]
    public void LBP_005_ignores_a_NIC_that_is_not_logged_and_a_short_silence()
    {
        using var cluster = new StoryCluster();
        cluster.Probes("ingress", 0, 600).Probes("user", 0, 350).Clients("user", 0, 600);

        Assert.Empty(cluster.Check("LBP-005"));
    }

    private static StoryCluster TwoIngressNodes()
    {
        var cluster = new StoryCluster();
        cluster.Nodes.Add("ingress2");
        cluster.Roles["ingress2"] = "ingress";
        cluster.IngressPods.Add(("10.244.5.1", "ingress2"));
        return cluster;
    }
}
