using System.Text.Json.Serialization;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Replay;

/// <summary>Recorded flows that the proposed rules decide otherwise, by who talks to whom and which rules decide.</summary>
public sealed record FlipGroup
{
    public required Decision From { get; init; }

    /// <summary><see cref="Decision.Unknown"/>: cannot be told.</summary>
    public required Decision To { get; init; }

    public required string Source { get; init; }

    public required string Destination { get; init; }

    public string? Service { get; init; }

    public required int Port { get; init; }

    public required string Protocol { get; init; }

    public required Direction Direction { get; init; }

    /// <summary><c>nsg/rule</c>, as logged.</summary>
    public required string OldRule { get; init; }

    /// <summary><c>nsg/rule</c>.</summary>
    public required string NewRule { get; init; }

    /// <summary>Why AKS needs these flows; null when it does not.</summary>
    public string? Required { get; init; }

    /// <summary>The Service whose expected client (flowlog.json) this is; null when nobody said that it is wanted.</summary>
    public string? ExpectedBy { get; init; }

    public long Flows { get; init; }

    public long Bytes { get; init; }

    public DateTime FirstSeen { get; init; }

    public DateTime LastSeen { get; init; }

    /// <summary>One of them, and the NIC.</summary>
    public required string Example { get; init; }
}

/// <summary>What proposed rules would have done to the recorded flows.</summary>
public sealed record WhatIfResult
{
    public long Flows { get; init; }

    public long Unchanged { get; init; }

    public long AllowedToDenied { get; init; }

    public long DeniedToAllowed { get; init; }

    /// <summary>Flows that the exported rules do not decide as logged, or that the proposed ones cannot decide.</summary>
    public long NotDecided { get; init; }

    /// <summary>Why the rules were tried on nothing: there were flows, and none of them could be replayed. Null otherwise.</summary>
    [JsonIgnore]
    public string? NothingDecided => Flows > 0 && NotDecided == Flows
        ? $"None of the {Flows} recorded flows could be replayed: the exported rules do not decide them as they were logged. flowlog replay --current shows why."
        : null;

    /// <summary>Flows that AKS requires and that would be denied.</summary>
    public long RequiredDenied { get; init; }

    /// <summary>Flows of clients that flowlog.json expects and that would be denied.</summary>
    public long ExpectedDenied { get; init; }

    /// <summary>Denied ones first, then by number of flows.</summary>
    public IReadOnlyList<FlipGroup> Flips { get; init; } = [];

    /// <summary>What happens to probes, rotation and failure shares, in sentences.</summary>
    public IReadOnlyList<string> Effects { get; init; } = [];

    /// <summary>What the tags in the rules stand for, and where that came from.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>About the proposed files: NSGs that take nothing's place, parts that could not be resolved.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What a replay cannot show.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];
}
