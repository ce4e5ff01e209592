using FlowLogAnalyzer.Analysis;

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
}
