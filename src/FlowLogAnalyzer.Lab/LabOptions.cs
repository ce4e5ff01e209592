using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Lab;

/// <summary>How pods of the simulated cluster get their addresses.</summary>
public enum LabCni
{
    /// <summary>A /24 per node outside the VNet, reached by a route table.</summary>
    Kubenet,

    /// <summary>Azure CNI Overlay: a /24 per node outside the VNet, routed by the platform, not encapsulated.</summary>
    Overlay,

    /// <summary>Azure CNI, node subnet: pods have addresses of their node's subnet.</summary>
    NodeSubnet,
}

/// <summary>What to simulate a scenario with. The same options give the same bytes.</summary>
public sealed record LabOptions
{
    public static readonly DateTimeOffset DefaultStart = new(2026, 11, 16, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Layout of the tuples; <see cref="LogFormat.Unknown"/> is refused.</summary>
    public LogFormat Format { get; init; } = LogFormat.NsgV2;

    public LabCni Cni { get; init; } = LabCni.Kubenet;

    /// <summary>Length of the whole simulation; null is the scenario's own length. A scenario of several states divides it evenly.</summary>
    public int? Minutes { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>The first simulated instant, UTC.</summary>
    public DateTimeOffset Start { get; init; } = DefaultStart;

    /// <summary>Nodes in every pool, instead of the scenario's own numbers; 1 to 80 (30 with <see cref="LabCni.NodeSubnet"/>).</summary>
    public int? NodesPerPool { get; init; }

    /// <summary>
    /// How many rollouts came before: pods have other names, were made just before the start, and have addresses that other
    /// apps' pods had before. 0 to 1000.
    /// </summary>
    public int Rollout { get; init; }

    /// <summary>Client VMs; 1 to 200; null is the scenario's own number.</summary>
    public int? Clients { get; init; }

    /// <summary>Requests per second and client, on average; null is the scenario's own rate.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Puts an AKS-managed NSG on every node NIC, so that flows meet two NSGs, as in clusters with an own VNet.</summary>
    public bool ManagedNicNsg { get; init; }

    /// <summary>sessionAffinity ClientIP: a client's connections all go to the same node while it is healthy.</summary>
    public bool ClientAffinity { get; init; }

    /// <summary>
    /// The VNet's flowTimeoutInMinutes, 4 to 30. Without it, NSG flow logs show only the begin of inbound TCP flows under user
    /// rules (Azure docs, nsg-flow-logs-overview).
    /// </summary>
    public int? FlowTimeoutInMinutes { get; init; }

    /// <summary>
    /// NSGs (by name) whose user rules take the place of the scenario's own in every phase: a repaired export, to see the
    /// same scenario with it. Application security groups are not simulated.
    /// </summary>
    public IReadOnlyList<NetworkSecurityGroup> Nsgs { get; init; } = [];

    internal void Validate()
    {
        Require(Format != LogFormat.Unknown, "format", "nsg-v1, nsg-v2 or vnet");
        Require(Minutes is null or (>= 1 and <= 24 * 60), "minutes", "1 to 1440");
        Require(NodesPerPool is null or (>= 1 and <= 80), "nodes per pool", "1 to 80");
        Require(Cni != LabCni.NodeSubnet || NodesPerPool is null or <= 30, "nodes per pool", "1 to 30 when pods share the nodes' subnet");
        Require(Rollout is >= 0 and <= 1000, "rollout", "0 to 1000");
        Require(Clients is null or (>= 1 and <= 200), "clients", "1 to 200");
        Require(FlowTimeoutInMinutes is null or (>= 4 and <= 30), "flow timeout in minutes", "4 to 30");
        Require(RequestsPerSecond is null or (> 0 and <= 1000), "requests per second", "more than 0, up to 1000");
    }

    private static void Require(bool holds, string what, string range)
    {
        if (!holds)
            throw new ArgumentException($"The lab's option '{what}' is out of range; expected {range}.", nameof(what));
    }
}
