using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>Where a decision was made.</summary>
public enum NsgLevel : byte
{
    /// <summary>Nothing is in the way: no NSG at either level and no admin rule.</summary>
    None = 0,

    /// <summary>A service of the host that NSGs do not apply to (DNS, wire server, instance metadata).</summary>
    Platform,

    /// <summary>A security admin rule of a network manager.</summary>
    Admin,

    /// <summary>The NSG of the subnet.</summary>
    Subnet,

    /// <summary>The NSG of the network interface.</summary>
    Nic,
}

/// <summary>What one NSG says about a flow, whatever the other levels say.</summary>
public readonly struct NsgLevelResult
{
    internal NsgLevelResult(NsgLevel level, NetworkSecurityGroup? nsg, NsgRule? rule, Outcomes outcomes, bool ruleIsSure)
    {
        Level = level;
        Nsg = nsg;
        Rule = rule;
        RuleIsSure = ruleIsSure;
        Outcomes = outcomes;
    }

    public NsgLevel Level { get; }

    /// <summary>Null when there is no NSG at this level: then the level allows.</summary>
    public NetworkSecurityGroup? Nsg { get; }

    /// <summary>The first rule that matches for sure; null without an NSG and for exempt platform traffic.</summary>
    public NsgRule? Rule { get; }

    /// <summary>False when a rule that cannot be decided comes before <see cref="Rule"/>.</summary>
    public bool RuleIsSure { get; }

    /// <summary><see cref="Flows.Decision.Unknown"/> when undecidable rules make the difference.</summary>
    public Decision Decision => Outcomes switch
    {
        Outcomes.Allow => Decision.Allow,
        Outcomes.Deny => Decision.Deny,
        _ => Decision.Unknown,
    };

    internal Outcomes Outcomes { get; }
}

/// <summary>What the security admin rules say: <see cref="AdminDecision.Unresolved"/> when it cannot be told.</summary>
public readonly record struct AdminLevelResult
{
    internal AdminLevelResult(SecurityAdminRule? rule, Outcomes outcomes, bool ruleIsSure) =>
        (Rule, Outcomes, RuleIsSure) = (rule, outcomes, ruleIsSure);

    /// <summary>Null when no admin rule matches for sure.</summary>
    public SecurityAdminRule? Rule { get; }

    public bool RuleIsSure { get; }

    /// <summary>No match is <see cref="AdminDecision.Allow"/>: the NSGs decide.</summary>
    public AdminDecision Decision => Outcomes switch
    {
        Outcomes.Allow => AdminDecision.Allow,
        Outcomes.AlwaysAllow => AdminDecision.AlwaysAllow,
        Outcomes.Deny => AdminDecision.Deny,
        _ => AdminDecision.Unresolved,
    };

    internal Outcomes Outcomes { get; }
}

/// <summary>The answer for one flow at one NIC. A value without allocations; <see cref="NsgEvaluator.Explain"/> puts it in words.</summary>
public readonly struct NsgDecision
{
    /// <summary><see cref="Flows.Decision.Unknown"/> means undecided: see <see cref="NsgEvaluator.Explain"/> for the reason.</summary>
    public Decision Decision { get; init; }

    public bool IsDecided => Decision != Decision.Unknown;

    /// <summary>
    /// For a deny the first level in processing order that denies, for an allow the last one that was asked: those are
    /// the levels whose NSG the logs name. <see cref="NsgLevel.None"/> when undecided.
    /// </summary>
    public NsgLevel DecidingLevel { get; init; }

    public AdminLevelResult Admin { get; init; }

    public NsgLevelResult Subnet { get; init; }

    public NsgLevelResult Nic { get; init; }

    /// <summary>The deciding NSG; null when another kind of level decided.</summary>
    public NetworkSecurityGroup? Nsg => Deciding.Nsg;

    /// <summary>The deciding rule; null when another kind of level decided. See <see cref="RuleIsSure"/>.</summary>
    public NsgRule? Rule => Deciding.Rule;

    /// <summary>The decision may be sure while the rule is not: when undecidable rules before it decide the same.</summary>
    public bool RuleIsSure { get; init; }

    private NsgLevelResult Deciding => DecidingLevel switch
    {
        NsgLevel.Subnet => Subnet,
        NsgLevel.Nic => Nic,
        _ => default,
    };
}
