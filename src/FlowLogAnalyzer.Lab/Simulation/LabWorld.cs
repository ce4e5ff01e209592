using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>What the actors of one run share.</summary>
internal sealed class LabWorld
{
    private readonly ulong _seed;

    public LabWorld(LabCluster cluster, EventLoop loop, Wire wire, ulong seed)
    {
        (_seed, Cluster, Loop, Wire) = (seed, cluster, loop, wire);
        Traffic = new TrafficShape(Random("traffic"));
        Proxy = new ServiceProxy(this);
    }

    public LabCluster Cluster { get; }

    public EventLoop Loop { get; }

    public Wire Wire { get; }

    public TrafficShape Traffic { get; }

    public ServiceProxy Proxy { get; }

    public LabRandom Random(string purpose) => LabRandom.For(_seed, purpose);
}
