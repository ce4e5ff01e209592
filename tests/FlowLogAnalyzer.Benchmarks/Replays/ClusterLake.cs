using FlowLogAnalyzer.Lab;

namespace FlowLogAnalyzer.Benchmarks.Replays;

/// <summary>Ten hours of the lab's healthy cluster with many clients: every flow is decided by the rules that were logged.</summary>
internal sealed class ClusterLake(int tuples) : ReplayLake
{
    private const int Minutes = 600;
    private const int Clients = 100;

    /// <summary>Tuples that a request leaves in the logs, with its hops and their ends, and those of all the rest; measured.</summary>
    private const double TuplesPerRequest = 7.23;
    private const double OtherTuples = 1_330_000;

    public override string Name => "cluster";

    public override string Means => "lab: healthy-cluster, 30 nodes, 100 clients";

    protected override void Write(string folder) => LabRunner.Write(LabScenarios.Find("healthy-cluster")!, new LabOptions
    {
        Minutes = Minutes,
        NodesPerPool = 10,
        Clients = Clients,
        RequestsPerSecond = Math.Max(1, tuples - OtherTuples) / TuplesPerRequest / (Minutes * 60 * Clients),
    }, folder);
}
