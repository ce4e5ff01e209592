using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>Something in a pod of the user pool asks an outside address for orders, every five minutes with a little jitter.</summary>
internal sealed class Beacon(LabWorld world)
{
    public const string Address = "20.199.40.41";
    public const int Port = 443;

    private const double Seconds = 300;
    private const double Jitter = 0.04;

    private readonly LabRandom _random = world.Random("beacon");
    private readonly PortPool _ports = PortPool.Linux(777);

    public void Start()
    {
        var pod = world.Cluster.App("api")[0];
        world.Loop.Every(() => Seconds * _random.Between(1 - Jitter, 1 + Jitter), 20, () =>
        {
            var packet = new Packet(world.Cluster.SourceOf(pod, towardsVnet: false), AddressPlan.Address(Address), _ports.Next(), Port, Packet.Tcp);
            world.Wire.Send(world.Loop.Now, packet, pod.Node.Nic, null, world.Traffic.Short(1));
        });
    }
}
