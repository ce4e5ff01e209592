using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>
/// A client VM that calls the frontend. A connection that is not answered within ten seconds is given up, and tried again from
/// a new port: that is a new connection, and the load balancer chooses anew.
/// </summary>
internal sealed class ClientActor(LabWorld world, LoadBalancer balancer, ConnectionCounter counter, LabClient client)
{
    private const double TimeoutSeconds = 10;
    private const int Attempts = 3;

    private readonly LabRandom _random = world.Random(client.Name);
    private readonly PortPool _ports = PortPool.Linux(LabRandom.Hash(client.Name));
    private readonly uint _frontend = AddressPlan.Address(AddressPlan.Frontend);
    private readonly AppHop _apps = new(world, client.Name);

    public void Start()
    {
        var mean = 1 / world.Cluster.Spec.RequestsPerSecond;
        world.Loop.Every(() => _random.Exponential(mean), _random.Exponential(mean), () => Connect(Attempts));
    }

    private void Connect(int attemptsLeft)
    {
        var packet = new Packet(client.Ip, _frontend, _ports.Next(), LabService.Port, Packet.Tcp);
        var node = balancer.Pick(packet);
        var outcome = node is null ? NoBackend(packet) : ThroughNode(packet, node);
        counter.Count(world.Loop.Now, client, node, outcome);
        if (outcome != ConnectionOutcome.Connected && attemptsLeft > 1)
            world.Loop.After(TimeoutSeconds + _random.Between(0.1, 0.5), () => Connect(attemptsLeft - 1));
    }

    private ConnectionOutcome NoBackend(in Packet packet)
    {
        var way = world.Wire.Check(packet, client.Nic, null);
        world.Wire.Log(world.Loop.Now, way, Volume.Unanswered(4), Wire.ClientRetries);
        return ConnectionOutcome.NoBackend;
    }

    private ConnectionOutcome ThroughNode(in Packet packet, LabNode node)
    {
        var way = world.Wire.Check(packet, client.Nic, node.Nic);
        if (!way.Arrives)
        {
            world.Wire.Log(world.Loop.Now, way, default, Wire.ClientRetries);
            return ConnectionOutcome.DeniedAtFrontend;
        }

        var forwarded = world.Cluster.Spec.LocalPolicy ? world.Proxy.Deliver(node) : world.Proxy.Forward(node, SecondHopKind.Request);
        world.Wire.Log(world.Loop.Now, way, forwarded ? world.Traffic.Request() : Volume.Unanswered(4), Wire.ClientRetries);
        if (!forwarded)
            return ConnectionOutcome.DeniedAtSecondHop;

        if (!_apps.Call(world.Proxy.LastEndpoint))
            counter.CountAppFailure(world.Loop.Now, client);
        return ConnectionOutcome.Connected;
    }
}
