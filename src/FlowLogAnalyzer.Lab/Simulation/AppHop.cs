using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>The ingress pod's own connection to an application pod. Most requests reuse one that is open.</summary>
internal sealed class AppHop(LabWorld world, string caller)
{
    private const double NewConnectionShare = 0.4;

    private readonly LabRandom _random = world.Random("apps/" + caller);
    private readonly IReadOnlyList<LabPod> _apps = world.Cluster.App("api");
    private readonly Dictionary<LabPod, PortPool> _ports = [];

    /// <summary>False when a rule is in the way: the user then gets 504.</summary>
    public bool Call(LabPod ingress)
    {
        var app = _apps[_random.Below(_apps.Count)];
        var packet = new Packet(ingress.Ip, app.Ip, PortsOf(ingress).Next(), app.Port, Packet.Tcp);
        var way = world.Wire.Check(packet, ingress.Node.Nic, app.Node.Nic);
        if (way.Arrives && _random.Unit() >= NewConnectionShare)
            return true;

        world.Wire.Log(world.Loop.Now + 2, way, world.Traffic.Request(), Wire.ClientRetries);
        return way.Arrives;
    }

    private PortPool PortsOf(LabPod pod)
    {
        if (!_ports.TryGetValue(pod, out var pool))
            _ports[pod] = pool = PortPool.Linux(LabRandom.Hash(pod.Name + caller));
        return pool;
    }
}
