using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

internal enum SecondHopKind
{
    Probe,
    Request,
}

/// <summary>
/// kube-proxy on every node: an endpoint by chance, all with the same weight, and the node's own address as source when the
/// packet leaves the node (kubernetes/kubernetes, pkg/proxy/iptables).
/// </summary>
internal sealed class ServiceProxy(LabWorld world)
{
    private readonly LabRandom _random = world.Random("service-proxy");
    private readonly IReadOnlyList<LabPod> _endpoints = world.Cluster.App("ingress-nginx");
    private readonly Dictionary<LabNode, PortPool> _ports = [];

    /// <summary>The pod that took the connection last; the application hop starts there.</summary>
    public LabPod LastEndpoint { get; private set; } = world.Cluster.App("ingress-nginx")[0];

    /// <summary>Cluster mode: hands the packet to any endpoint. False when a rule is in the way.</summary>
    public bool Forward(LabNode node, SecondHopKind kind)
    {
        var endpoint = LastEndpoint = _endpoints[_random.Below(_endpoints.Count)];
        if (endpoint.Node == node)
            return true;

        var packet = new Packet(node.Ip, endpoint.Ip, PortsOf(node).Next(), endpoint.Port, Packet.Tcp);
        var way = world.Wire.Check(packet, node.Nic, endpoint.Node.Nic);
        var volume = kind == SecondHopKind.Probe ? Volume.Touch : world.Traffic.Request();
        world.Wire.Log(world.Loop.Now + 1, way, volume, kind == SecondHopKind.Probe ? Wire.ProbeRetries : Wire.ClientRetries);
        return way.Arrives;
    }

    /// <summary>Local mode: one of the node's own endpoints.</summary>
    public bool Deliver(LabNode node)
    {
        var local = _endpoints.Where(e => e.Node == node).ToList();
        if (local.Count == 0)
            return false;

        LastEndpoint = local[_random.Below(local.Count)];
        return true;
    }

    private PortPool PortsOf(LabNode node)
    {
        if (!_ports.TryGetValue(node, out var pool))
            _ports[node] = pool = new PortPool(1_024, 65_535, _random.Next());
        return pool;
    }
}
