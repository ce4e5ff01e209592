using FlowLogAnalyzer.Query;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;

namespace FlowLogAnalyzer.Tests.Analysis;

public class ClientFindingTests
{
    [Fact]
    public void LBC_001_gives_the_share_of_state_2_for_each_NSG_that_refuses_the_client()
    {
        using var cluster = State2();

        var findings = cluster.Check("LBC-001");

        Assert.Equal(["nsg-system", "nsg-user"], findings.Select(f => f["nsg"]));
        var user = findings[1];
        Assert.Equal("ingress/ingress-nginx-controller:80 from 10.10.4.4", user.Subject);
        Assert.Equal(Severity.Critical, user.Severity);
        Assert.Equal(StoryCluster.Client, user["client"]);
        Assert.Equal([StoryCluster.Node("user")], (List<object?>)user["nodes"]!);
        Assert.Equal([StoryCluster.Node("ingress")], (List<object?>)user["admittingNodes"]!);
        Assert.Equal(300, user.Count);
        Assert.Equal(2.0 / 3, (double)user["expectedFailureShare"]!, 3);
        Assert.Equal(2.0 / 3, (double)user["observedFailureShare"]!, 2);
        Assert.True((double)user["observedLow"]! < 2.0 / 3 && (double)user["observedHigh"]! > 2.0 / 3);
        Assert.Empty(user.Limits);
    }

    [Fact]
    public void LBC_001_keeps_its_share_when_the_rules_were_repaired_later()
    {
        using var cluster = State2();
        foreach (var pool in StoryCluster.Pools)
            cluster.Clients(pool, 1000, 4000);

        var user = cluster.Check("LBC-001")[1];

        Assert.Equal(2.0 / 3, (double)user["observedFailureShare"]!, 2);
        Assert.Equal(Start.AddSeconds(299), user.LastSeen);
        Assert.Equal([StoryCluster.Node("ingress")], (List<object?>)user["admittingNodes"]!);
    }

    [Fact]
    public void LBC_001_is_about_the_longest_episode_and_tells_what_lies_outside_it()
    {
        using var cluster = State2();
        cluster.Clients("user", 5000, 5005, deny: true).Clients("ingress", 1000, 5000);

        var user = cluster.Check("LBC-001")[1];

        Assert.Equal(300, user.Count);
        Assert.Equal(5L, user["refusalsAtOtherTimes"]);
        Assert.Equal(Start.AddSeconds(299), user.LastSeen);
        Assert.Equal(2.0 / 3, (double)user["observedFailureShare"]!, 2);
    }

    [Fact]
    public void LBC_001_counts_a_refused_connection_once_however_often_its_SYN_is_repeated()
    {
        using var cluster = State2();
        for (var s = 0; s < 290; s++)
            foreach (var pool in new[] { "system", "user" })
                cluster.Lake.Add(s + 3.5, StoryCluster.Mac(pool), $"{StoryCluster.Client}:{StoryCluster.ClientPort(pool, s)} -> {StoryCluster.Frontend}:80", StoryCluster.Deny(pool));

        var user = cluster.Check("LBC-001")[1];

        Assert.Equal(590, user.Count);
        Assert.Equal(2.0 / 3, (double)user["observedFailureShare"]!, 2);
    }

    [Fact]
    public void LBC_001_leaves_nodes_that_are_down_out_of_the_model_and_says_when_it_is_wrong()
    {
        using var cluster = new StoryCluster();
        cluster.Clients("ingress", 0, 300).Clients("user", 0, 300, deny: true).Probes("system", 0, 300, deny: true).Probes("user", 0, 300).Probes("ingress", 0, 300);

        var finding = Assert.Single(cluster.Check("LBC-001"));
        Assert.Equal(0.5, (double)finding["expectedFailureShare"]!, 3);
        Assert.Equal([StoryCluster.Node("ingress"), StoryCluster.Node("user")], (List<object?>)finding["healthyNodes"]!);
        Assert.Empty(finding.Limits);

        using var gap = new StoryCluster();
        gap.Clients("ingress", 0, 300).Clients("user", 0, 300, deny: true);
        Assert.Contains(Assert.Single(gap.Check("LBC-001")).Limits, l => l.Contains("15 points", StringComparison.Ordinal));
    }

    [Fact]
    public void LBC_001_ignores_a_client_refused_everywhere_a_scanner_and_Local_mode()
    {
        using var everywhere = new StoryCluster();
        foreach (var pool in StoryCluster.Pools)
            everywhere.Clients(pool, 0, 60, deny: true);
        Assert.Empty(everywhere.Check("LBC-001"));

        using var scanner = State2();
        for (var port = 1; port < 20; port++)
            scanner.Lake.Add(port, StoryCluster.Mac("user"), $"{StoryCluster.Client}:1000 -> {StoryCluster.Ip("user")}:{port}", StoryCluster.Deny("user"));
        Assert.Empty(scanner.Check("LBC-001"));

        using var local = State2(new StoryCluster { TrafficPolicy = "Local" });
        Assert.Empty(local.Check("LBC-001"));
    }

    [Theory]
    [InlineData(true, false, Severity.Medium)]
    [InlineData(false, true, Severity.Critical)]
    [InlineData(false, false, Severity.Info)]
    public void LBC_002_weighs_a_refusal_at_the_ingress_nodes_by_what_was_meant(bool admittedElsewhere, bool namedByARule, Severity severity)
    {
        using var cluster = new StoryCluster();
        cluster.Clients("ingress", 0, 60, deny: true);
        if (admittedElsewhere)
            cluster.Clients("user", 0, 60);
        cluster.Rules.Add(Row(("nsg", "nsg-ingress"), ("rule", "AllowClients"), ("decision", "Allow"), ("direction", "Inbound"), ("sources", namedByARule ? "10.9.0.0/16,10.10.4.0/24" : "10.9.0.0/16"), ("destination_ports", "443,80"), ("is_default", false)));

        var finding = Assert.Single(cluster.Check("LBC-002"));

        Assert.Equal(severity, finding.Severity);
        Assert.Equal("nsg-ingress", finding["nsg"]);
        Assert.Equal(60, finding.Count);
    }

    [Fact]
    public void LBC_002_leaves_refusals_at_other_nodes_to_LBC_001()
    {
        using var cluster = State2();
        Assert.Empty(cluster.Check("LBC-002"));
    }

    [Theory]
    [InlineData("203.0.113.0/24", Severity.High)]
    [InlineData("203.0.113.0/24, 10.10.0.0/16", Severity.Critical)]
    [InlineData("10.244.0.0/15", Severity.Critical)]
    public void LBC_006_finds_an_allow_list_that_sees_node_addresses_only(string allowList, Severity severity)
    {
        using var cluster = new StoryCluster();
        cluster.Clients("user", 0, 60);
        cluster.Ingresses.Add(Row(("ingress", "shop/web"), ("service", StoryCluster.Service), ("allow_list", allowList)));

        var finding = Assert.Single(cluster.Check("LBC-006"));

        Assert.Equal(severity, finding.Severity);
        Assert.Equal(StoryCluster.Service, finding["service"]);
        Assert.Equal(60, finding.Count);
    }

    [Fact]
    public void LBC_006_ignores_Local_mode_an_open_list_and_an_Ingress_without_one()
    {
        using var local = new StoryCluster { TrafficPolicy = "Local" };
        local.Clients("ingress", 0, 60);
        local.Ingresses.Add(Row(("ingress", "shop/web"), ("service", StoryCluster.Service), ("allow_list", "203.0.113.0/24")));
        Assert.Empty(local.Check("LBC-006"));

        using var open = new StoryCluster();
        open.Clients("ingress", 0, 60);
        open.Ingresses.Add(Row(("ingress", "shop/web"), ("service", StoryCluster.Service), ("allow_list", "0.0.0.0/0")));
        open.Ingresses.Add(Row(("ingress", "shop/other"), ("service", StoryCluster.Service)));
        Assert.Empty(open.Check("LBC-006"));
    }

    [Fact]
    public void LBC_007_finds_the_application_hop_that_is_refused()
    {
        using var cluster = new StoryCluster();
        for (var s = 0; s < 50; s++)
            cluster.Lake.Add(s, StoryCluster.Mac("user"), $"{StoryCluster.IngressPod}:{30000 + s} -> {StoryCluster.AppPod}:8080", StoryCluster.Deny("user"));

        var finding = Assert.Single(cluster.Check("LBC-007"));

        Assert.Equal(Severity.High, finding.Severity);
        Assert.Equal("nsg-user", finding["nsg"]);
        Assert.Equal(8080L, finding["port"]);
        Assert.Equal(StoryCluster.AppPod, finding["destination"]);
        Assert.Equal(50, finding.Count);
    }

    [Fact]
    public void LBC_007_ignores_other_pods_as_source_and_destinations_that_are_no_pods()
    {
        using var cluster = new StoryCluster();
        for (var s = 0; s < 50; s++)
        {
            cluster.Lake.Add(s, StoryCluster.Mac("ingress"), $"{StoryCluster.AppPod}:{30000 + s} -> {StoryCluster.IngressPod}:8080", StoryCluster.Deny("ingress"));
            cluster.Lake.Add(s, StoryCluster.Mac("user"), $"{StoryCluster.IngressPod}:{30000 + s} -> {StoryCluster.Ip("user")}:10250", StoryCluster.Deny("user"));
        }

        Assert.Empty(cluster.Check("LBC-007"));
    }

    [Fact]
    public void LBC_008_explains_the_nodes_without_pods_in_one_info_line()
    {
        using var cluster = new StoryCluster { TrafficPolicy = "Local" };
        cluster.Probes("system", 0, 60).Probes("ingress", 0, 60).Probes("user", 0, 60, deny: true);

        var finding = Assert.Single(cluster.Check("LBC-008"));

        Assert.Equal(Severity.Info, finding.Severity);
        Assert.Equal([StoryCluster.Node("system"), StoryCluster.Node("user")], (List<object?>)finding["nodes"]!);
        Assert.Equal(24, finding.Count);
        Assert.Equal(12L, finding["refused"]);

        using var clusterMode = new StoryCluster();
        clusterMode.Probes("system", 0, 60);
        Assert.Empty(clusterMode.Check("LBC-008"));
    }

    [Fact]
    public void LBC_009_finds_a_stray_ingress_pod_and_the_share_it_costs()
    {
        using var cluster = new StoryCluster { TrafficPolicy = "Local" };
        cluster.IngressPods.Add(("10.244.2.10", "user"));
        cluster.Clients("ingress", 0, 300).Clients("user", 0, 300, deny: true);

        Assert.Empty(cluster.Check("LBC-010"));
        var finding = Assert.Single(cluster.Check("LBC-009"));

        Assert.Equal(Severity.High, finding.Severity);
        Assert.Equal([StoryCluster.Node("user")], (List<object?>)finding["nodes"]!);
        Assert.Equal("nsg-user", finding["nsg"]);
        Assert.Equal(0.5, (double)finding["expectedFailureShare"]!, 3);
        Assert.Equal(0.5, (double)finding["observedFailureShare"]!, 2);
        Assert.Empty(cluster.Check("LBC-001"));
        Assert.Empty(cluster.Check("LBC-002"));
    }

    [Fact]
    public void LBC_009_is_medium_without_refusals_and_silent_in_the_ingress_pool_and_in_Cluster_mode()
    {
        using var admitted = new StoryCluster { TrafficPolicy = "Local" };
        admitted.IngressPods.Add(("10.244.2.10", "user"));
        admitted.Clients("user", 0, 60);
        Assert.Equal(Severity.Medium, Assert.Single(admitted.Check("LBC-009")).Severity);

        using var home = new StoryCluster { TrafficPolicy = "Local" };
        home.Clients("ingress", 0, 60);
        Assert.Empty(home.Check("LBC-009"));

        using var clusterMode = new StoryCluster();
        clusterMode.IngressPods.Add(("10.244.2.10", "user"));
        clusterMode.Clients("user", 0, 60);
        Assert.Empty(clusterMode.Check("LBC-009"));
    }

    [Theory]
    [InlineData(150, 150, "Medium")]
    [InlineData(75, 225, null)]
    [InlineData(130, 270, null)]
    [InlineData(60, 60, null)]
    public void LBC_010_compares_connections_per_pod_not_per_node(int ingress, int other, string? severity)
    {
        using var cluster = new StoryCluster { TrafficPolicy = "Local" };
        cluster.Nodes.Add("ingress2");
        cluster.Roles["ingress2"] = "ingress";
        cluster.IngressPods.AddRange([("10.244.5.1", "ingress2"), ("10.244.5.2", "ingress2"), ("10.244.5.3", "ingress2")]);
        cluster.Clients("ingress", 0, ingress).Clients("ingress2", 1000, 1000 + other);

        var findings = cluster.Check("LBC-010");

        Assert.Equal(severity, findings.SingleOrDefault()?.Severity.ToString());
        if (severity is not null)
        {
            Assert.Equal(StoryCluster.Node("ingress"), findings[0]["node"]);
            Assert.Equal(2.0, findings[0]["ratio"]);
        }
    }

    [Fact]
    public void LBC_011_finds_nodes_that_stay_green_without_a_way_to_the_pods()
    {
        using var cluster = new StoryCluster { SharedProbe = true, ProbePort = 10256 };
        foreach (var pool in StoryCluster.Pools)
            cluster.Probes(pool, 0, 300).Clients(pool, 0, 300);
        foreach (var (pool, port) in new[] { ("system", 20000), ("user", 30000) })
            for (var s = 0; s < 300; s++)
                cluster.Lake.Add(s, StoryCluster.Mac("ingress"), $"{StoryCluster.Ip(pool)}:{port + s} -> {StoryCluster.IngressPod}:80", StoryCluster.Deny("ingress"));

        var finding = Assert.Single(cluster.Check("LBC-011"));

        Assert.Equal(Severity.Critical, finding.Severity);
        Assert.Equal([StoryCluster.Node("system"), StoryCluster.Node("user")], (List<object?>)finding["nodes"]!);
        Assert.Equal(2.0 / 3, (double)finding["expectedFailureShare"]!, 3);
        Assert.Equal(2.0 / 3, (double)finding["observedFailureShare"]!, 2);
        Assert.Equal(600, finding.Count);
    }

    [Fact]
    public void LBC_011_needs_shared_probes_and_clients_at_these_nodes()
    {
        using var ownProbes = new StoryCluster();
        ownProbes.Clients("user", 0, 60).Hops("user", ownProbes.IngressPods[0], (0, 60), deny: true);
        Assert.Empty(ownProbes.Check("LBC-011"));

        using var noClients = new StoryCluster { SharedProbe = true };
        noClients.Clients("ingress", 0, 60).Hops("user", noClients.IngressPods[0], (0, 60), deny: true);
        Assert.Empty(noClients.Check("LBC-011"));
    }

    private static StoryCluster State2(StoryCluster? cluster = null)
    {
        cluster ??= new StoryCluster();
        foreach (var pool in StoryCluster.Pools)
            cluster.Probes(pool, 0, 300).Clients(pool, 0, 300, deny: pool != "ingress");
        return cluster.Hops("user", cluster.IngressPods[0], (0, 300)).Hops("system", cluster.IngressPods[0], (0, 300));
    }
}
