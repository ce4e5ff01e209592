using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg;

/// <summary>The protocol field of a rule (Azure REST API, SecurityRuleProtocol).</summary>
public enum RuleProtocol : byte
{
    /// <summary>The import met an expression it could not resolve: the rule cannot be decided for any protocol.</summary>
    Unresolved = 0,
    Any,
    Tcp,
    Udp,
    Icmp,
    Esp,
    Ah,
}

/// <summary>
/// One side of a rule as it is written: the parts are alternatives. <see cref="Prefixes"/> holds prefixes, <c>*</c> and
/// service tags; <see cref="Asgs"/> holds ids (or names) of application security groups; <see cref="Ports"/> holds
/// <c>*</c>, <c>80</c> or <c>80-90</c>. Text that is neither stays as it is and makes the rule undecidable, never guessed.
/// </summary>
public sealed record RuleSide
{
    public static RuleSide Any { get; } = new() { Prefixes = ["*"] };

    public EquatableList<string> Prefixes { get; init; } = [];

    public EquatableList<string> Asgs { get; init; } = [];

    public EquatableList<string> Ports { get; init; } = ["*"];

    public static RuleSide Of(string prefixes, string ports = "*") => new()
    {
        Prefixes = prefixes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToEquatableList(),
        Ports = ports.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToEquatableList(),
    };
}

/// <summary>What NSG rules and security admin rules share: who they match. Lower priority numbers come first.</summary>
public interface ITrafficRule
{
    string Name { get; }

    int Priority { get; }

    /// <summary><see cref="Flows.Direction.Unknown"/> when the import could not resolve it.</summary>
    Direction Direction { get; }

    RuleProtocol Protocol { get; }

    RuleSide Source { get; }

    RuleSide Destination { get; }
}

/// <summary>A rule of an NSG. User rules have priorities 100 to 4096, default rules 65000 to 65500.</summary>
public sealed record NsgRule : ITrafficRule
{
    /// <summary>Priority of a rule whose priority could not be resolved: it sorts first, and whatever it matches is undecided.</summary>
    public const int UnresolvedPriority = 0;

    public required string Name { get; init; }

    public required int Priority { get; init; }

    public required Direction Direction { get; init; }

    /// <summary><see cref="Flows.Decision.Unknown"/> when the import could not resolve it.</summary>
    public required Decision Decision { get; init; }

    public RuleProtocol Protocol { get; init; } = RuleProtocol.Any;

    public RuleSide Source { get; init; } = RuleSide.Any;

    public RuleSide Destination { get; init; } = RuleSide.Any;

    public bool IsDefault { get; init; }

    public string? Description { get; init; }

    /// <summary>How flow logs call the rule (<c>UserRule_name</c>, <c>DefaultRule_name</c>).</summary>
    public string LogName => RuleNames.InLogs(this);
}
