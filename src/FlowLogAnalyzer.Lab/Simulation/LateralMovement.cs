using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>
/// Somebody with a shell on the first user node looks around: SSH to the other nodes, port 445 everywhere, many ports on one
/// ingress node, and the kubelet API of all.
/// </summary>
internal sealed class LateralMovement(LabWorld world)
{
    /// <summary>Well-known ports, as a scanner would try them.</summary>
    private static readonly int[] Ports =
    [
        21, 22, 23, 25, 53, 81, 110, 111, 135, 139, 143, 389, 443, 445, 587, 636, 993, 995, 1433, 1521, 2049, 2375, 3000, 3306, 3389, 4369, 5000, 5432,
        5601, 5672, 5900, 5985, 6379, 7001, 8000, 8081, 8443, 8888, 9000, 9042, 9092, 9200, 11211, 15672, 27017,
    ];

    private readonly LabNode _from = world.Cluster.Node("user");
    private readonly PortPool _ports = PortPool.Linux(4242);

    public void Start()
    {
        var length = (world.Loop.End - world.Loop.Start) / 1000.0;
        var others = world.Cluster.Nodes.Where(n => n != _from).ToList();
        world.Loop.After(length * 0.2, () => Ssh(others));
        world.Loop.After(length * 0.4, () => Sweep(others));
        world.Loop.After(length * 0.6, () => ScanPorts(world.Cluster.Node("ingress")));
        world.Loop.After(length * 0.8, () => Kubelets(others));
    }

    /// <summary>A few tries at every node, and a dozen at the neighbour that answers.</summary>
    private void Ssh(IReadOnlyList<LabNode> others)
    {
        foreach (var (node, i) in others.Select((n, i) => (n, i)))
        {
            for (var attempt = 0; attempt < (node.Role == "user" ? 14 : 3); attempt++)
                world.Loop.After((i * 3) + (attempt * 9), () => Send(node.Ip, 22, world.Traffic.Short(4)));
        }
    }

    /// <summary>Nodes, clients, and addresses that nobody has.</summary>
    private void Sweep(IReadOnlyList<LabNode> others)
    {
        var targets = others.Select(n => n.Ip).Concat(world.Cluster.Clients.Select(c => c.Ip))
            .Concat(Enumerable.Range(200, 6).Select(i => AddressPlan.Host("system", i))).ToList();
        foreach (var (target, i) in targets.Select((t, i) => (t, i)))
            world.Loop.After(i * 0.7, () => Send(target, 445, Volume.Unanswered(1)));
    }

    private void ScanPorts(LabNode target)
    {
        foreach (var (port, i) in Ports.Select((p, i) => (p, i)))
            world.Loop.After(i * 0.3, () => Send(target.Ip, port, Volume.Unanswered(1)));
    }

    private void Kubelets(IReadOnlyList<LabNode> others)
    {
        foreach (var (node, i) in others.Select((n, i) => (n, i)))
        {
            for (var attempt = 0; attempt < 2; attempt++)
                world.Loop.After((i * 5) + (attempt * 30), () => Send(node.Ip, LabService.KubeletPort, world.Traffic.Short(2)));
        }
    }

    /// <summary>No retries: a tool that looks for open ports does not wait for the kernel.</summary>
    private void Send(uint target, int port, in Volume volume)
    {
        var packet = new Packet(_from.Ip, target, _ports.Next(), port, Packet.Tcp);
        var way = world.Wire.Check(packet, _from.Nic, world.Cluster.NicAt(target));
        world.Wire.Log(world.Loop.Now, way, volume, []);
    }
}
