using FlowLogAnalyzer.Lab;

namespace FlowLogAnalyzer.Benchmarks.LargeLake;

/// <summary>
/// The law of a large lake: hour after hour of a noisy and healthy cluster as the lab simulates it, with an hour in which
/// clients are refused and one in which somebody moves sideways. The same law gives the same rows.
/// </summary>
internal sealed record LakeLaw
{
    /// <summary>Hours are added until there are so many rows.</summary>
    public long Rows { get; init; } = 1_000_000;

    /// <summary>System, ingress and user pool alike: 17 make a cluster of 51 nodes.</summary>
    public int NodesPerPool { get; init; } = 17;

    /// <summary>Client machines; the internet's clients come on top.</summary>
    public int Clients { get; init; } = 20;

    /// <summary>Of every client machine.</summary>
    public double RequestsPerSecond { get; init; } = 0.4;

    /// <summary>Addresses on the internet that half of the requests come from, a few of them most often.</summary>
    public int InternetClients { get; init; } = 20_000;

    /// <summary>Addresses on the internet that nodes and machines call.</summary>
    public int InternetServers { get; init; } = 5_000;

    /// <summary>Records of all NICs that share a commit; null = as many rows as a large ingest commits, NIC by NIC.</summary>
    public int? MinutesPerCommit { get; init; }

    /// <summary>The first hour, UTC: a Monday.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 11, 16, 0, 0, 0, TimeSpan.Zero);

    public LabOptions Lab(ulong seed) => new()
    {
        Format = Flows.LogFormat.VnetV4,
        NodesPerPool = NodesPerPool,
        Clients = Clients,
        RequestsPerSecond = RequestsPerSecond,
        Minutes = 60,
        Seed = seed,
        Start = Start,
    };
}
