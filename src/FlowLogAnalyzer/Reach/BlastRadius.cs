using FlowLogAnalyzer.Nsg.Suggest;

namespace FlowLogAnalyzer.Reach;

/// <summary>Places of one kind that are open alike.</summary>
public sealed record ReachedGroup
{
    /// <summary><c>user nodes</c>, <c>pods of api</c>, <c>machines of snet-db</c>, <c>the internet</c>.</summary>
    public required string Group { get; init; }

    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Ports that the rules leave open, as ranges; <c>*</c> is all.</summary>
    public required string Tcp { get; init; }

    public required string Udp { get; init; }

    /// <summary>What is known to listen there and is open.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>Services of these hosts that are open, one per host and port.</summary>
    public int Reachable { get; init; }

    /// <summary>Those of them that no recorded connection of the suspect used.</summary>
    public int NeverUsed { get; init; }

    /// <summary>The suspect's recorded connections to these hosts that were let in.</summary>
    public long Connections { get; init; }
}

/// <summary>What hosts that are within reach could reach beyond that.</summary>
public sealed record NextHop(IReadOnlyList<string> Via, IReadOnlyList<string> Gains, int Services);

/// <summary>Recorded connections that a containment would refuse.</summary>
public sealed record CollateralFlows
{
    public required string Source { get; init; }

    public required string Destination { get; init; }

    public required int Port { get; init; }

    public required string Protocol { get; init; }

    public required long Flows { get; init; }

    /// <summary>The Service or the component that such connections are for; null when nothing known needs them.</summary>
    public string? UsedFor { get; init; }

    /// <summary>Why AKS needs the path to be open; null when it does not.</summary>
    public string? Required { get; init; }

    /// <summary>One of them.</summary>
    public required string Example { get; init; }
}

/// <summary>Rules that cut a suspect off, and what else they would cut.</summary>
public sealed record Containment
{
    /// <summary><c>at the source</c> or <c>at the destinations</c>.</summary>
    public required string Where { get; init; }

    public required IReadOnlyList<RuleSuggestion> Rules { get; init; }

    /// <summary>Why a part of it cannot be done by rules.</summary>
    public IReadOnlyList<string> ByHand { get; init; } = [];

    /// <summary>Services still within reach with the rules applied, by the engine; those on the suspect's own node do not count.</summary>
    public int StillReachable { get; init; }

    /// <summary>Kinds of places that are still open with the rules applied.</summary>
    public IReadOnlyList<string> StillOpen { get; init; } = [];

    public IReadOnlyList<CollateralFlows> Collateral { get; init; } = [];

    /// <summary>What changes for Services, in sentences.</summary>
    public IReadOnlyList<string> Effects { get; init; } = [];

    /// <summary>Recorded connections that would be refused and that something known needs.</summary>
    public long Legitimate => Collateral.Where(c => c.UsedFor is not null).Sum(c => c.Flows);

    /// <summary>Recorded connections that would be refused on paths that AKS requires to be open.</summary>
    public long RequiredByAks => Collateral.Where(c => c.Required is not null).Sum(c => c.Flows);
}

/// <summary>What a suspect could still reach under the rules of one time, and what it would take to cut it off.</summary>
public sealed record BlastRadius
{
    /// <summary>In words, with its address.</summary>
    public required string Suspect { get; init; }

    /// <summary>Every address that it can send from.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The rules that were asked held at this time, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>Everything that is open to it, the most services first.</summary>
    public required IReadOnlyList<ReachedGroup> Reached { get; init; }

    /// <summary>Nodes, pods, machines and frontends that are open on some port, of all.</summary>
    public required int HostsReached { get; init; }

    public required int Hosts { get; init; }

    /// <summary>Of the services within reach, the share without a recorded connection of the suspect, 0 to 1; null when none is within reach.</summary>
    public double? NeverUsedShare => ServicesReached == 0 ? null : (double)Reached.Sum(r => r.NeverUsed) / ServicesReached;

    public int ServicesReached => Reached.Sum(r => r.Reachable);

    /// <summary>What could be reached from there that the suspect itself cannot reach.</summary>
    public required IReadOnlyList<NextHop> NextHops { get; init; }

    public required IReadOnlyList<Containment> Containments { get; init; }

    public required IReadOnlyList<string> Limits { get; init; }
}
