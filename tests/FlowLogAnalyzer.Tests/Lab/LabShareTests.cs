using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;

namespace FlowLogAnalyzer.Tests.Lab;

public class LabShareTests
{
    [Theory]
    [InlineData(LogFormat.NsgV2, LabCni.Kubenet)]
    [InlineData(LogFormat.VnetV4, LabCni.Overlay)]
    [InlineData(LogFormat.NsgV1, LabCni.NodeSubnet)]
    public void The_story_fails_0_then_two_thirds_then_0_of_new_connections(LogFormat format, LabCni cni)
    {
        using var lab = new LabFolder("story", new LabOptions { Format = format, Cni = cni });

        var clients = lab.Truth.Phases.Select(p => p.Clients[0]).ToList();

        Assert.Equal(0, clients[0].SteadyFailed);
        Assert.InRange(clients[0].Failed, 1, 100);
        Assert.InRange(clients[1].SteadyShare, 0.637, 0.697);
        Assert.Equal(0, clients[2].SteadyFailed);
        Assert.All(clients, c => Assert.True(c.SteadyConnections > 1000, $"only {c.SteadyConnections} connections"));
    }

    [Fact]
    public void The_logs_show_the_same_share_as_the_truth()
    {
        using var lab = new LabFolder("client-denied");

        var atFrontend = lab.Tuples().Where(t => t.Direction == "I" && t.Destination == "10.10.2.100" && (t.IsDenied || t.State == "B")).ToList();
        var denied = atFrontend.Where(t => t.IsDenied).Select(t => t.FiveTuple).Distinct().Count();
        var all = atFrontend.Select(t => t.FiveTuple).Distinct().Count();

        var truth = lab.Truth.Phases[0].Clients[0];
        Assert.Equal(truth.Connections, all);
        Assert.Equal(truth.DeniedAtFrontend, denied);
        Assert.InRange((double)denied / all, 0.637, 0.697);
    }

    [Fact]
    public void In_state_1_only_the_ingress_node_gets_clients_once_the_others_are_out()
    {
        using var lab = new LabFolder("second-hop-denied");
        var steady = lab.Truth.Phases[0].SteadyFrom.ToUnixTimeMilliseconds();

        var macs = lab.Tuples().Where(t => t.Direction == "I" && t.Destination == "10.10.2.100" && t.Milliseconds >= steady).Select(t => t.Mac).Distinct();
        var refused = lab.Tuples().Where(t => t.IsDenied && t.Destination == "10.244.1.10").ToList();

        Assert.Single(macs);
        Assert.Equal(["10.10.1.4", "10.10.3.4"], refused.Select(t => t.Source).Distinct().Order());
        Assert.All(refused, t => Assert.Equal("UserRule_DenyAllOtherInbound", t.Rule));
        Assert.All(refused, t => Assert.EndsWith("/NSG-INGRESS", t.Acl));
    }

    [Fact]
    public void A_refused_second_hop_leaves_an_allowed_twin_at_the_sender_with_the_same_5_tuple()
    {
        using var lab = new LabFolder("second-hop-denied", new LabOptions { Format = LogFormat.VnetV4, Minutes = 5 });
        var tuples = lab.Tuples().ToList();

        var refused = tuples.Where(t => t.IsDenied && t.Destination == "10.244.1.10").Select(t => t.FiveTuple).ToHashSet();
        var sent = tuples.Where(t => t is { Direction: "O", State: "B", Destination: "10.244.1.10" }).Select(t => t.FiveTuple).ToHashSet();
        var answered = tuples.Where(t => t is { Direction: "O", State: "E" } && refused.Contains(t.FiveTuple) && t.Fields[11] != "0");

        Assert.NotEmpty(refused);
        Assert.Subset(sent, refused);
        Assert.Empty(answered);
    }

    [Fact]
    public void Stray_pod_takes_half_of_the_clients_and_loses_them()
    {
        using var lab = new LabFolder("local-stray-pod");

        Assert.InRange(lab.Truth.Phases[0].Clients[0].SteadyShare, 0.47, 0.53);
    }

    [Fact]
    public void With_client_affinity_a_client_is_always_served_or_never()
    {
        using var lab = new LabFolder("client-denied", new LabOptions { ClientAffinity = true, Clients = 12, RequestsPerSecond = 0.5, Minutes = 10 });

        var shares = lab.Truth.Phases[0].Clients.Select(c => c.SteadyShare).Distinct().Order();

        Assert.Equal([0, 1], shares);
    }

    [Fact]
    public void Two_ingress_nodes_flap_when_their_subnet_is_closed_inside()
    {
        using var lab = new LabFolder("ingress-flapping");
        var tuples = lab.Tuples().ToList();

        // Refused are only second hops between the ingress nodes; each still gets clients, and loses some of them.
        Assert.All(tuples.Where(t => t.IsDenied), t => Assert.Contains((t.Source, t.Destination), new[] { ("10.10.2.4", "10.244.3.10"), ("10.10.2.5", "10.244.1.10") }));
        var ingress = lab.Truth.Phases[0].Clients[0].Nodes.Where(n => n.Node.Contains("ingress", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, ingress.Count);
        Assert.All(ingress, n => Assert.InRange((double)n.Failed / n.Connections, 0.4, 0.6));
        Assert.All(lab.Truth.Phases[0].Clients[0].Nodes.Except(ingress), n => Assert.Equal(0, n.Failed));
    }

    [Fact]
    public void A_denied_tag_VirtualNetwork_takes_the_nodes_out_without_a_client_noticing()
    {
        using var lab = new LabFolder("probe-denied");
        var refused = lab.Tuples().Where(t => t.IsDenied).ToList();

        Assert.All(refused, t => Assert.Equal(("168.63.129.16", "UserRule_DenyVirtualNetworkInbound"), (t.Source, t.Rule)));
        Assert.Equal(["10.10.1.4", "10.10.3.4"], refused.Select(t => t.Destination).Distinct().Order());
        Assert.Equal(0, lab.Truth.Phases[0].Clients[0].Failed);
    }

    [Fact]
    public void One_node_does_everything_that_lateral_movement_is_made_of()
    {
        using var lab = new LabFolder("lateral-movement", new LabOptions { Minutes = 20 });
        var moves = lab.Tuples().Where(t => t.Source == "10.10.3.4" && t.Direction == "I").ToList();

        Assert.Equal(11, moves.Where(t => t.Fields[4] == "445").Select(t => t.Destination).Distinct().Count());
        Assert.True(moves.Where(t => t.Destination == "10.10.2.4").Select(t => t.Fields[4]).Distinct().Count() >= 30);
        Assert.Equal(7, moves.Where(t => t.Fields[4] == "10250").Select(t => t.Destination).Distinct().Count());
        Assert.Contains(moves, t => t.Fields[4] == "22" && t.IsDenied);
        Assert.Contains(moves, t => t.Fields[4] == "22" && !t.IsDenied);
    }

    [Fact]
    public void Forgotten_ingress_subnet_loses_one_third()
    {
        using var lab = new LabFolder("client-denied-at-ingress");

        Assert.InRange(lab.Truth.Phases[0].Clients[0].SteadyShare, 0.303, 0.363);
    }

    [Fact]
    public void Shared_probe_keeps_nodes_in_service_that_lose_everything()
    {
        using var lab = new LabFolder("shared-probe-mask");
        var client = lab.Truth.Phases[0].Clients[0];

        Assert.InRange(client.SteadyShare, 0.637, 0.697);
        Assert.Equal(0, client.DeniedAtFrontend);
        Assert.Equal(3, client.Nodes.Count);
    }

    [Theory]
    [InlineData("healthy-cluster", 3)]
    [InlineData("healthy-local", 1)]
    [InlineData("snat-allow-list", 3)]
    [InlineData("probe-suspect", 2)]
    [InlineData("probe-missing", 2)]
    [InlineData("local-imbalance", 2)]
    public void Nothing_fails_and_clients_reach_this_many_nodes(string scenario, int nodes)
    {
        using var lab = new LabFolder(scenario, new LabOptions { Minutes = 10 });

        Assert.All(lab.Truth.Phases[0].Clients, c =>
        {
            Assert.Equal(0, c.Failed);
            Assert.Equal(0, c.AppFailures);
            Assert.Equal(nodes, c.Nodes.Count);
        });
        Assert.DoesNotContain(lab.Tuples(), t => t.IsDenied);
    }

    [Fact]
    public void A_refused_application_hop_fails_every_request_but_no_connection()
    {
        using var lab = new LabFolder("app-hop-denied");
        var client = lab.Truth.Phases[0].Clients[0];

        Assert.Equal(0, client.Failed);
        Assert.Equal(client.Connections, client.AppFailures);
        Assert.Contains(lab.Tuples(), t => t.IsDenied && t.Source == "10.244.1.10" && t.Destination == "10.244.2.20" && t.Fields[4] == "8080");
    }
}
