using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>
/// The Azure load balancer: probes every backend each five seconds and hands new connections to those that are up, by a hash
/// of the 5-tuple, or of the addresses with sessionAffinity ClientIP (Azure docs, distribution-mode-concepts).
/// </summary>
internal sealed class LoadBalancer
{
    private const double ProbeSeconds = 5;

    private readonly LabWorld _world;
    private readonly Quirks _quirks;
    private readonly List<Backend> _backends = [];
    private readonly uint _platform = AddressPlan.Address(AddressPlan.Platform);

    public LoadBalancer(LabWorld world, Quirks quirks)
    {
        _world = world;
        _quirks = quirks;
        foreach (var node in world.Cluster.Nodes)
        {
            _backends.Add(new Backend(node, isUp: !quirks.Suspects(node) && !quirks.IsNotProbed(node) && (!world.Cluster.Spec.LocalPolicy || HasEndpoint(node))));
        }
    }

    /// <summary>Null when no backend is up: then the balancer drops the SYN.</summary>
    public LabNode? Pick(in Packet packet)
    {
        var up = _backends.Count(b => b.IsUp);
        if (up == 0)
            return null;

        var hash = _world.Cluster.Spec.ClientAffinity ? LabRandom.Mix(packet.Source) : packet.Hash();
        return _backends.Where(b => b.IsUp).ElementAt((int)(hash % (ulong)up)).Node;
    }

    public void Start()
    {
        var random = _world.Random("probes");
        foreach (var backend in _backends.Where(b => !_quirks.IsNotProbed(b.Node)))
        {
            var ports = PortPool.Dynamic(random.Next());
            _world.Loop.Every(() => ProbeSeconds, random.Unit() * ProbeSeconds, () => Probe(backend, ports));
        }
    }

    private void Probe(Backend backend, PortPool ports)
    {
        var spec = _world.Cluster.Spec;
        var node = backend.Node;
        var packet = new Packet(_platform, node.Ip, ports.Next(), LabService.ProbePort(spec), Packet.Tcp);
        var way = _world.Wire.Check(packet, null, node.Nic);
        var forwarded = way.Arrives && !spec.LocalPolicy && !spec.SharedProbe ? _world.Proxy.Forward(node, SecondHopKind.Probe) : true;
        var volume = forwarded ? Volume.Touch : Volume.Unanswered(3) with { Milliseconds = 5_000 };
        _world.Wire.Log(_world.Loop.Now, way, volume, Wire.ProbeRetries);

        var passed = way.Arrives && forwarded && !_quirks.Suspects(node) && (!spec.LocalPolicy || HasEndpoint(node));
        // Success is known at once, failure when the interval is over.
        _world.Loop.After(passed ? 0 : ProbeSeconds, () => backend.Report(passed));
    }

    private bool HasEndpoint(LabNode node) => _world.Cluster.App("ingress-nginx").Any(p => p.Node == node);
}
