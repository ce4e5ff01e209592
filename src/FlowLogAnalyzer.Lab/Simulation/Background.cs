using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>What a healthy cluster does all day: DNS, kubelet scrapes, the API server, package and time servers.</summary>
internal sealed class Background(LabWorld world)
{
    /// <summary>A registry, a package mirror, a telemetry endpoint: any public addresses do.</summary>
    private static readonly string[] Internet = ["20.61.97.129", "20.50.88.238", "13.69.109.130", "185.125.190.36"];

    private const string TimeServer = "185.125.190.56";

    private readonly LabRandom _random = world.Random("background");
    private readonly Dictionary<uint, PortPool> _ports = [];

    public void Start()
    {
        foreach (var node in world.Cluster.Nodes)
            StartNode(node);
        foreach (var pod in world.Cluster.Pods.Where(p => p.App is "ingress-nginx" or "api"))
            Repeat(6, () => Resolve(pod));
        foreach (var client in world.Cluster.Clients)
            Repeat(90, () => Outbound(client.Ip, client.Nic, Pick(Internet), 443, world.Traffic.Short(12)));

        var metrics = world.Cluster.App("metrics-server")[0];
        foreach (var node in world.Cluster.Nodes)
            Repeat(60, () => Scrape(metrics, node));
        foreach (var agent in world.Cluster.App("konnectivity-agent"))
            KeepOpen(() => Outbound(world.Cluster.SourceOf(agent, towardsVnet: false), agent.Node.Nic, AddressPlan.ApiServer, 443, world.Traffic.Long(45)), 45);
    }

    private void StartNode(LabNode node)
    {
        KeepOpen(() => Outbound(node.Ip, node.Nic, AddressPlan.ApiServer, 443, world.Traffic.Long(8)), 8);
        Repeat(45, () => Outbound(node.Ip, node.Nic, AddressPlan.ApiServer, 443, world.Traffic.Short(5)));
        Repeat(120, () => Outbound(node.Ip, node.Nic, Pick(Internet), 443, world.Traffic.Short(15)));
        Repeat(256, () => world.Wire.Send(world.Loop.Now, Datagram(node.Ip, TimeServer, 123), node.Nic, null, world.Traffic.Datagram()));
    }

    private void Resolve(LabPod pod)
    {
        var servers = world.Cluster.App("kube-dns");
        var server = servers[_random.Below(servers.Count)];
        var packet = new Packet(pod.Ip, server.Ip, Port(pod.Ip), 53, Packet.Udp);
        world.Wire.Send(world.Loop.Now, packet, pod.Node.Nic, server.Node.Nic, world.Traffic.Datagram());
    }

    private void Scrape(LabPod metrics, LabNode node)
    {
        var source = world.Cluster.SourceOf(metrics, towardsVnet: true);
        var packet = new Packet(source, node.Ip, Port(source), LabService.KubeletPort, Packet.Tcp);
        world.Wire.Send(world.Loop.Now, packet, metrics.Node.Nic, node.Nic, world.Traffic.Short(3));
    }

    private void Outbound(uint source, LabNic nic, string destination, int port, in Volume volume)
    {
        var packet = new Packet(source, AddressPlan.Address(destination), Port(source), port, Packet.Tcp);
        world.Wire.Send(world.Loop.Now, packet, nic, null, volume);
    }

    private Packet Datagram(uint source, string destination, int port) =>
        new(source, AddressPlan.Address(destination), Port(source), port, Packet.Udp);

    /// <summary>At random times with this mean, in seconds.</summary>
    private void Repeat(double mean, Action what) => world.Loop.Every(() => _random.Between(0.5 * mean, 1.5 * mean), _random.Unit() * mean, what);

    /// <summary>A connection that is made anew as soon as it ends.</summary>
    private void KeepOpen(Action what, double minutes) => world.Loop.Every(() => (minutes * 60) + 1, _random.Unit() * 20, what);

    private string Pick(string[] list) => list[_random.Below(list.Length)];

    private int Port(uint source)
    {
        if (!_ports.TryGetValue(source, out var pool))
            _ports[source] = pool = PortPool.Linux(_random.Next());
        return pool.Next();
    }
}
