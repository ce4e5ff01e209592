using FlowLogAnalyzer.Lab.Logs;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>A process in the network of the user node that opens the ingress pods of other nodes directly.</summary>
internal sealed class HostProcess(LabWorld world)
{
    private const double SecondsBetween = 20;

    public void Start()
    {
        var node = world.Cluster.Node("user");
        var ports = PortPool.Linux(777);
        var random = world.Random("host-process");
        world.Loop.Every(() => SecondsBetween * random.Between(0.7, 1.3), SecondsBetween, () =>
        {
            foreach (var pod in world.Cluster.App("ingress-nginx").Where(p => p.Node != node))
            {
                var packet = new Packet(node.Ip, pod.Ip, ports.Next(), pod.Port, Packet.Tcp);
                world.Wire.Send(world.Loop.Now, packet, node.Nic, pod.Node.Nic, world.Traffic.Short(2));
            }
        });
    }
}
