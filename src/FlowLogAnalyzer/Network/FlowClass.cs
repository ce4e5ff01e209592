using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Network;

/// <summary>
/// All recorded new flows that must be decided alike: same NIC, direction, protocol, addresses and destination port, logged
/// with the same rule in the same epoch. Source ports count only when some rule names them.
/// </summary>
public sealed record FlowClass
{
    public string? Mac { get; init; }

    public required FlowKey Flow { get; init; }

    /// <summary>As logged.</summary>
    public required Decision Decision { get; init; }

    /// <summary>As logged, with its prefix.</summary>
    public string? Rule { get; init; }

    /// <summary>What the log says holds the rule.</summary>
    public string? Acl { get; init; }

    /// <summary>default, user, aks_managed, admin, platform, encryption or unknown.</summary>
    public string RuleClass { get; init; } = "unknown";

    /// <summary>nsg or vnet.</summary>
    public string Log { get; init; } = "nsg";

    /// <summary>The epoch in which the rule decided; retries of a refused flow belong to its first attempt.</summary>
    public int Epoch { get; init; }

    /// <summary>New flows: begins, v1 tuples, and refused flows without their retries.</summary>
    public long Flows { get; init; }

    /// <summary>Rows of the log, continuing and ending ones included.</summary>
    public long Rows { get; init; }

    /// <summary>In both directions; 0 where the log does not count.</summary>
    public long Bytes { get; init; }

    /// <summary>UTC.</summary>
    public DateTime FirstSeen { get; init; }

    /// <summary>UTC.</summary>
    public DateTime LastSeen { get; init; }

    /// <summary>For people: <c>10.10.3.4 -> 10.244.1.10:80 TCP</c>.</summary>
    public string Text => FlowText.Of(Flow);
}

/// <summary>Flows in words.</summary>
internal static class FlowText
{
    public static string Of(in FlowKey flow) => $"{flow.Source} -> {flow.Destination}:{flow.DestinationPort} {IpProtocols.Name(flow.Protocol)}";
}
