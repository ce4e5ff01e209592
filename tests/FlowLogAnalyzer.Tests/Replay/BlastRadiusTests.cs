using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Reach;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>What the intruder of the lab could reach, held against what the log says it did reach, and what cuts it off.</summary>
public class BlastRadiusTests
{
    private const string Intruder = "10.10.3.4";

    [Fact]
    public async Task The_intruder_reaches_its_neighbours_and_not_the_rest()
    {
        using var lake = await ReplayLake.Of("lateral-movement");

        var radius = Of(lake);

        Assert.Equal(["10.10.3.4", "10.244.2.20"], radius.Sources);
        var neighbours = Assert.Single(radius.Reached, r => r.Group == "user nodes");
        Assert.Equal((3, "*", "*"), (neighbours.Hosts.Count, neighbours.Tcp, neighbours.Udp));
        Assert.Equal(["10250/TCP kubelet", "22/TCP SSH", "31880/TCP node port of ingress/ingress-nginx-controller"], neighbours.Services);
        Assert.Equal((9, 3), (neighbours.Reachable, neighbours.NeverUsed));
        Assert.DoesNotContain(radius.Reached, r => r.Group is "system nodes" or "ingress nodes" || r.Group.StartsWith("machines", StringComparison.Ordinal));
        Assert.Contains(radius.Reached, r => r is { Group: "the internet", Tcp: "*" });
        Assert.Equal(radius.Reached.Sum(r => r.NeverUsed) / (double)radius.ServicesReached, radius.NeverUsedShare);
    }

    [Fact]
    public async Task Whatever_the_log_shows_let_in_is_within_reach_and_whatever_it_shows_refused_is_not()
    {
        using var lake = await ReplayLake.Of("lateral-movement");
        var radius = Of(lake);
        using var rows = lake.Database.Query($"""
            select distinct coalesce(dst_pod, dst_name), protocol, dst_port, decision from new_flows
            where src_ip = '{Intruder}' and direction = 'Inbound' and dst_kind in ('node', 'pod', 'vm') and nic_node is distinct from src_node
            """);

        var all = rows.Read().Select(r => (Host: (string)r[0]!, Protocol: (long)r[1]!, Port: (long)r[2]!, IsOpen: (string)r[3]! == "Allow")).ToList();

        Assert.True(all.Count(r => r.IsOpen) > 10 && all.Count(r => !r.IsOpen) > 40);
        Assert.All(all, r => Assert.Equal(r.IsOpen, radius.Reached.Any(g => g.Hosts.Contains(r.Host) && Holds(r.Protocol == IpProtocols.Udp ? g.Udp : g.Tcp, r.Port))));
    }

    [Fact]
    public async Task A_second_step_leads_over_the_system_pool_to_the_kubelets()
    {
        using var lake = await ReplayLake.Of("lateral-movement");

        var hop = Assert.Single(Of(lake).NextHops, h => h.Via.All(v => v.StartsWith("kube-system/coredns-", StringComparison.Ordinal)));

        Assert.Equal(["10250/TCP kubelet of 2 ingress nodes", "10250/TCP kubelet of 2 system nodes"], hop.Gains);
    }

    [Fact]
    public async Task Cutting_it_off_shows_what_else_is_cut_and_what_of_that_AKS_requires()
    {
        using var lake = await ReplayLake.Of("lateral-movement");

        var containment = Assert.Single(Of(lake).Containments, c => c.Where == "at the source");

        var rule = Assert.Single(containment.Rules);
        Assert.Equal(("nsg-user", Direction.Outbound, Decision.Deny, "10.10.3.4/32, 10.244.2.20/32"), (rule.NsgName, rule.Rule.Direction, rule.Rule.Decision, string.Join(", ", rule.Rule.Source.Prefixes)));
        Assert.Equal((0, 0), (containment.StillReachable, containment.StillOpen.Count));
        var hops = Assert.Single(containment.Collateral, c => c.UsedFor == "pods of ingress/ingress-nginx-controller");
        Assert.Equal("node to pod", hops.Required);
        Assert.Contains(containment.Collateral, c => c is { UsedFor: "API server", Required: "API server" });
        Assert.Contains(containment.Collateral, c => c is { Port: 22, UsedFor: null });
        Assert.Equal(containment.Collateral.Where(c => c.UsedFor is not null).Sum(c => c.Flows), containment.Legitimate);
        Assert.Contains(containment.Effects, e => e.StartsWith("aks-user-12345678-vmss000000 leaves rotation for ingress/ingress-nginx-controller:80", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cutting_it_off_where_it_arrives_leaves_the_internet_open()
    {
        using var lake = await ReplayLake.Of("lateral-movement");

        var containment = Assert.Single(Of(lake).Containments, c => c.Where == "at the destinations");

        Assert.Equal(["nsg-ingress", "nsg-system", "nsg-user"], containment.Rules.Select(r => r.NsgName).Order());
        Assert.All(containment.Rules, r => Assert.True(r.Rule is { Direction: Direction.Inbound, Decision: Decision.Deny } && r.Rule.Priority < 150));
        Assert.Equal(["the internet"], containment.StillOpen);
        Assert.DoesNotContain(containment.Collateral, c => c.UsedFor == "API server");
    }

    [Fact]
    public async Task In_a_cluster_in_which_it_was_cut_off_nothing_is_within_reach()
    {
        IReadOnlyList<NetworkSecurityGroup> contained;
        using (var before = await ReplayLake.Of("lateral-movement"))
            contained = [.. Of(before).Containments.Single(c => c.Where == "at the source").Rules.Select(r => before.Exported(r.NsgName).WithRule(r.Rule))];

        using var lake = await ReplayLake.Of("lateral-movement", new LabOptions { Minutes = 12, Nsgs = contained });
        var radius = Of(lake);

        Assert.Empty(radius.Reached);
        Assert.Equal((0, 0), (radius.HostsReached, radius.ServicesReached));
        Assert.Null(radius.NeverUsedShare);
        Assert.Empty(radius.NextHops);
        Assert.Empty(radius.Containments);
        using var arrived = lake.Database.Query($"select count(*) from new_flows where src_ip = '{Intruder}' and direction = 'Inbound' and decision = 'Allow'");
        Assert.Equal(0L, arrived.Read().Single()[0]);
    }

    [Fact]
    public async Task A_pod_shows_its_own_address_to_pods_and_its_nodes_to_others_unless_pods_are_in_the_network()
    {
        using var kubenet = await ReplayLake.Of("lateral-movement");
        using var flat = await ReplayLake.Of("lateral-movement", new LabOptions { Minutes = 12, Cni = LabCni.NodeSubnet });

        var (hidden, plain) = (new BlastRadiusAnalysis(kubenet.Database, kubenet.Model).Of("Deployment/coredns")!, new BlastRadiusAnalysis(flat.Database, flat.Model).Of("Deployment/coredns")!);

        Assert.Equal(4, hidden.Sources.Count);
        Assert.Equal(2, plain.Sources.Count);
        Assert.Contains(hidden.Reached, r => r is { Group: "ingress nodes", Tcp: "10250" });
    }

    [Fact]
    public async Task A_machine_reaches_the_load_balancer_and_a_stranger_only_what_the_receivers_let_in()
    {
        using var lake = await ReplayLake.Of("lateral-movement");
        var analysis = new BlastRadiusAnalysis(lake.Database, lake.Model);

        var machine = analysis.Of("vm-client-01")!;
        var stranger = analysis.Of("203.0.113.9")!;

        Assert.Equal(("80", 0), (machine.Reached.Single(r => r.Group == "load-balancer frontends").Tcp, machine.Reached.Single(r => r.Group == "load-balancer frontends").NeverUsed));
        Assert.DoesNotContain(stranger.Reached, r => r.Group != "the internet");
        Assert.Contains(stranger.Limits, l => l.Contains("no NIC", StringComparison.Ordinal));
        Assert.Null(analysis.Of("nobody"));
    }

    [Fact]
    public async Task Of_a_role_every_node_counts_towards_the_others()
    {
        using var lake = await ReplayLake.Of("lateral-movement");

        var radius = new BlastRadiusAnalysis(lake.Database, lake.Model).Of("user")!;

        Assert.Equal(4, radius.Reached.Where(r => r.Group == "user nodes").Sum(r => r.Hosts.Count));
    }

    [Fact]
    public async Task Hundreds_of_nodes_take_as_many_questions_as_a_few()
    {
        using var lake = await ReplayLake.Of("healthy-cluster", new LabOptions { Minutes = 1, NodesPerPool = 80, RequestsPerSecond = 0.1 });

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var radius = Of(lake);

        Assert.True(radius.Hosts > 320);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        TestContext.Current.TestOutputHelper!.WriteLine($"{radius.HostsReached} of {radius.Hosts} hosts in {watch.Elapsed}");
    }

    private static BlastRadius Of(ReplayLake lake) => new BlastRadiusAnalysis(lake.Database, lake.Model).Of(Intruder)!;

    private static bool Holds(string ports, long port) =>
        ports.Split(',', StringSplitOptions.RemoveEmptyEntries).Any(p => PortRange.TryParse(p, out var range) && range.Contains((ushort)port));
}
