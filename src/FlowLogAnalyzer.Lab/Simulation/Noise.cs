using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>
/// What looks odd and is not: a scraper that asks every node and pod with an even period, and a job that calls a database
/// on a machine and an outside address by the clock.
/// </summary>
internal sealed class Noise(LabWorld world)
{
    public const int ExporterPort = 19100;
    public const int PodMetricsPort = 10254;
    public const int DatabasePort = 5432;

    /// <summary>Where the job leaves its report.</summary>
    public const string Partner = "20.40.60.80";

    private const double ScrapeSeconds = 30;
    private readonly Dictionary<uint, PortPool> _ports = [];

    public void Start()
    {
        var scraper = world.Cluster.App("prometheus")[0];
        foreach (var (node, i) in world.Cluster.Nodes.Select((n, i) => (n, i)))
        {
            Clockwork(ScrapeSeconds, i * 0.31, () => Call(world.Cluster.SourceOf(scraper, towardsVnet: true), scraper.Node.Nic, node.Ip, ExporterPort));
            Clockwork(ScrapeSeconds, i * 0.37, () => Call(world.Cluster.SourceOf(scraper, towardsVnet: true), scraper.Node.Nic, node.Ip, LabService.KubeletPort));
        }

        foreach (var (pod, i) in world.Cluster.App("ingress-nginx").Select((p, i) => (p, i)))
            Clockwork(ScrapeSeconds, i * 0.43, () => Call(scraper.Ip, scraper.Node.Nic, pod.Ip, PodMetricsPort));

        var job = world.Cluster.App("nightly")[0];
        Clockwork(120, 7, () => Call(world.Cluster.SourceOf(job, towardsVnet: true), job.Node.Nic, world.Cluster.Clients[0].Ip, DatabasePort));
        Clockwork(180, 11, () => Call(world.Cluster.SourceOf(job, towardsVnet: false), job.Node.Nic, AddressPlan.Address(Partner), 443));
    }

    private void Clockwork(double seconds, double first, Action what) => world.Loop.Every(() => seconds, first, what);

    private void Call(uint source, LabNic nic, uint destination, int port)
    {
        if (!_ports.TryGetValue(source, out var pool))
            _ports[source] = pool = PortPool.Linux(source);
        world.Wire.Send(world.Loop.Now, new Packet(source, destination, pool.Next(), port, Packet.Tcp), nic, world.Cluster.NicAt(destination), world.Traffic.Short(2));
    }
}
