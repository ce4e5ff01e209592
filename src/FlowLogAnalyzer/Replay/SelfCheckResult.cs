using System.Text.Json.Serialization;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Replay;

/// <summary>How a recorded flow compares with the exported rules.</summary>
public enum ReplayOutcome
{
    /// <summary>Same decision by the same rule.</summary>
    Agrees = 0,

    // Decided otherwise than logged: the export does not hold what decided.

    /// <summary>The NSG that the log names is in no export.</summary>
    NsgMissing,

    /// <summary>The export of the NSG has no rule of that name.</summary>
    RuleMissing,

    /// <summary>Another version of the NSG decides as logged: it was changed between two exports.</summary>
    RuleChanged,

    /// <summary>The NSG is known, but the inventory attaches it neither to the NIC nor to its subnet.</summary>
    LevelMissing,

    /// <summary>A security admin rule decided, and no admin rules were given.</summary>
    AdminRuleMissing,

    /// <summary>All is there and the answer still differs.</summary>
    Differs,

    // Not decided, and said so.

    /// <summary>A tag, group or expression of a rule is not known.</summary>
    NameUnknown,

    /// <summary>The NIC is not in the inventory, and the log's NSG guards no known subnet.</summary>
    NicUnknown,

    /// <summary>A rule of the platform or the encryption of the VNet decided, which no export holds.</summary>
    Platform,

    /// <summary>The row lacks its direction, decision or rule.</summary>
    RowIncomplete,
}

/// <summary>All recorded flows that compare alike, by NSG and rule.</summary>
public sealed record ReplayGroup
{
    public required ReplayOutcome Outcome { get; init; }

    /// <summary>As logged: short name of the NSG, or what else decided.</summary>
    public required string Nsg { get; init; }

    public required string Rule { get; init; }

    public required Decision Logged { get; init; }

    /// <summary>By the exported rules.</summary>
    public required Decision Decided { get; init; }

    public string? DecidedBy { get; init; }

    /// <summary>A whole sentence for a person.</summary>
    public required string Explanation { get; init; }

    public long Flows { get; init; }

    public DateTime FirstSeen { get; init; }

    public DateTime LastSeen { get; init; }

    /// <summary>One of them.</summary>
    public required string Example { get; init; }
}

/// <summary>Recorded flows against the exported rules; flows are new flows, retries of refused ones left out.</summary>
public sealed record SelfCheckResult
{
    public long Flows { get; init; }

    /// <summary>Rows of the log behind them, continuing and ending ones included.</summary>
    public long Rows { get; init; }

    /// <summary>Kinds of flow that rules were asked about.</summary>
    public int Classes { get; init; }

    public long Agreed { get; init; }

    public long Differed { get; init; }

    public long NotDecided { get; init; }

    /// <summary>Share of the decided flows that agree, 0 to 1; null when nothing could be decided.</summary>
    public double? Agreement => Agreed + Differed == 0 ? null : (double)Agreed / (Agreed + Differed);

    /// <summary>Why nothing was compared: there were flows, and none of them could be decided. Null otherwise.</summary>
    [JsonIgnore]
    public string? NothingDecided => Flows > 0 && Agreement is null
        ? $"None of the {Flows} recorded flows could be decided by the exported rules, so nothing was compared. {(Groups.Count > 0 ? Groups[0].Explanation : "")}".TrimEnd()
        : null;

    /// <summary>Everything that does not agree, the most flows first.</summary>
    public IReadOnlyList<ReplayGroup> Groups { get; init; } = [];

    /// <summary>Agreements that lean on an address that is only assumed to be in a tag.</summary>
    public long Assumed { get; init; }

    /// <summary>What the tags in the rules stand for, and where that came from.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public static bool IsDifference(ReplayOutcome outcome) => outcome is > ReplayOutcome.Agrees and <= ReplayOutcome.Differs;
}
