using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg;

/// <summary>A rule that could not be decided and why, in words.</summary>
public sealed record UndecidableRule(ITrafficRule Rule, IReadOnlyList<string> Reasons);

/// <summary>
/// A tag of the deciding rule. <paramref name="Part"/> is the part that holds the flow's address; an assumed part is shown
/// only when no confirmed one holds it.
/// </summary>
public sealed record TagUse(string Side, TagExpansion Expansion, TagPart Part);

/// <summary>One level's own answer, whatever the other levels say.</summary>
public sealed record LevelExplanation
{
    public required NsgLevel Level { get; init; }

    /// <summary>Null at the admin level and where there is no NSG.</summary>
    public NetworkSecurityGroup? Nsg { get; init; }

    /// <summary>Allow, Deny, AlwaysAllow or undecided.</summary>
    public required string Decision { get; init; }

    /// <summary>The first rule that matches for sure.</summary>
    public ITrafficRule? Rule { get; init; }

    /// <summary>Rules before <see cref="Rule"/> that may match.</summary>
    public IReadOnlyList<UndecidableRule> Undecidable { get; init; } = [];

    /// <summary>Rules that would match if <see cref="Rule"/> were not there, in order.</summary>
    public IReadOnlyList<ITrafficRule> Later { get; init; } = [];

    public IReadOnlyList<TagUse> Tags { get; init; } = [];
}

/// <summary>A decision with everything that led to it.</summary>
public sealed record NsgExplanation
{
    public required FlowKey Flow { get; init; }

    public required NsgDecision Decision { get; init; }

    /// <summary>In the order in which the platform asks them.</summary>
    public required IReadOnlyList<LevelExplanation> Levels { get; init; }

    /// <summary>A whole sentence; null when the flow is decided.</summary>
    public string? UndecidedReason { get; init; }

    /// <summary>True when the decision leans on an address that is only assumed to be in a tag.</summary>
    public bool HasAssumptions => Levels.Any(l => l.Tags.Any(t => t.Part.Assumed));
}
