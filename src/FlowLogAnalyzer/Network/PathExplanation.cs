namespace FlowLogAnalyzer.Network;

/// <summary>What the log shows for one flow at one NIC; flows are new flows.</summary>
public sealed record LoggedCounts(long Allowed, long Denied, DateTime? LastSeen, IReadOnlyList<string> Rules)
{
    public static LoggedCounts None { get; } = new(0, 0, null, []);
}

/// <summary>One check on the way: a NIC, a direction, every NSG level with its rule.</summary>
public sealed record HopCheck
{
    /// <summary>In words: <c>client's NIC, out</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The node, VM or NIC; null when it is not known, and then nothing can be decided here.</summary>
    public string? At { get; init; }

    public string? Subnet { get; init; }

    public required string Flow { get; init; }

    /// <summary>Allow, Deny or undecided.</summary>
    public required string Decision { get; init; }

    /// <summary>One line per level, in the order in which the platform asks them.</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];

    public LoggedCounts Logged { get; init; } = LoggedCounts.None;
}

/// <summary>Hops of one kind, in the order of travel.</summary>
public sealed record HopGroup(string Title, IReadOnlyList<HopCheck> Checks);

/// <summary>A flow from its sender to the application, hop by hop.</summary>
public sealed record PathExplanation
{
    public required string Source { get; init; }

    public required string Destination { get; init; }

    public required int Port { get; init; }

    /// <summary>The rules that were in force then, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>What it comes to, in sentences.</summary>
    public required IReadOnlyList<string> Summary { get; init; }

    public required IReadOnlyList<HopGroup> Hops { get; init; }
}
