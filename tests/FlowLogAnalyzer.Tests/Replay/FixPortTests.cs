using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Tests.Replay.Catalogue;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>A repair holds for tomorrow's traffic too, not only for what was refused so far.</summary>
public class FixPortTests
{
    [Fact]
    public void A_port_that_nobody_has_tried_yet_is_opened_for_the_clients_of_the_others()
    {
        using var cluster = TwoPorts();
        cluster.Clients("ingress", (0, 5));

        var steps = cluster.Plan(EngineCluster.Service).Steps;

        Assert.Contains(steps, s => s.Rule.Source.Prefixes.Contains("10.10.4.0/24") && s.Rule.Destination.Ports.Contains("443"));
    }

    [Theory]
    [InlineData("10.244.2.20", "10.244.0.0/16")]
    [InlineData("10.10.3.4", "10.10.3.0/24")]
    public void A_client_that_is_a_pod_or_a_node_is_named_by_its_range(string client, string range)
    {
        using var cluster = new EngineCluster();
        cluster.Rules("nsg-user", n => n.Without("AllowClientsToFrontend"));
        var shape = cluster.Model().At(DateTime.MaxValue);

        Assert.Equal([range], new Network.RuleShapes(new Network.ServiceView(EngineCluster.Service, []), shape).Lasting(Network.ServicePath.Address(client)));
    }

    private static EngineCluster TwoPorts() => new EngineCluster().Without(InventoryKinds.LoadBalancer)
        .Change<ServiceEntity>(InventoryKinds.Service, "ingress-nginx-controller", s => s with { Ports = [.. s.Ports, new ServicePort("https", 6, 443, 31443, null)] })
        .Change<EndpointSliceEntity>(InventoryKinds.EndpointSlice, null, s => s.ServiceName == "ingress-nginx-controller" ? s with { Ports = [.. s.Ports, new EndpointPort("https", 6, 443)] } : s);
}
