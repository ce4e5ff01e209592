using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg;

/// <summary>What a security admin rule does (Azure docs, concept-security-admins).</summary>
public enum AdminDecision : byte
{
    Unresolved = 0,

    /// <summary>The NSGs still decide.</summary>
    Allow,

    /// <summary>Delivered; the NSGs are not asked.</summary>
    AlwaysAllow,

    /// <summary>Dropped; the NSGs are not asked.</summary>
    Deny,
}

/// <summary>A rule of Azure Virtual Network Manager: its own priorities (1 to 4096), evaluated before every NSG.</summary>
public sealed record SecurityAdminRule : ITrafficRule
{
    public required string Name { get; init; }

    public string Id { get; init; } = "";

    public required int Priority { get; init; }

    public required Direction Direction { get; init; }

    public required AdminDecision Decision { get; init; }

    public RuleProtocol Protocol { get; init; } = RuleProtocol.Any;

    public RuleSide Source { get; init; } = RuleSide.Any;

    public RuleSide Destination { get; init; } = RuleSide.Any;
}
