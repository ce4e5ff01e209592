using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>
/// An NSG compiled for one <see cref="AddressScope"/>: the tag VirtualNetwork differs between subnets, so one NSG on two
/// subnets is compiled twice. Immutable and safe to share between threads.
/// </summary>
public sealed class CompiledNsg
{
    private readonly RuleTable _inbound;
    private readonly RuleTable _outbound;

    /// <summary>The outbound rules that name an AzurePlatform tag: only they reach the platform's services.</summary>
    private readonly RuleTable? _platform;

    public CompiledNsg(NetworkSecurityGroup nsg, AddressScope scope)
    {
        Nsg = nsg;
        Scope = scope;
        var resolved = nsg.Rules.OrderBy(r => r.Priority).Select(r => ResolvedRule.Of(r, scope)).ToList();
        _inbound = Table(resolved, Direction.Inbound);
        _outbound = Table(resolved, Direction.Outbound);
        var platform = resolved.Where(r => r.Rule.Destination.Prefixes.Any(ServiceTagNames.IsPlatform)).ToList();
        _platform = platform.Count == 0 ? null : Table(platform, Direction.Outbound);
    }

    public NetworkSecurityGroup Nsg { get; }

    public AddressScope Scope { get; }

    /// <summary>What this NSG alone says about a flow; <paramref name="level"/> is copied into the answer.</summary>
    public NsgLevelResult Decide(in FlowKey flow, NsgLevel level)
    {
        var table = flow.Direction == Direction.Inbound ? _inbound : _outbound;
        var match = table.First(flow);
        return match.Rule < 0
            ? new NsgLevelResult(level, Nsg, rule: null, match.Outcomes | Outcomes.Deny, match.IsSure)
            : new NsgLevelResult(level, Nsg, (NsgRule)table[match.Rule].Rule, match.Outcomes, match.IsSure);
    }

    /// <summary>The same for a service of the host, which only rules with an AzurePlatform tag reach.</summary>
    internal NsgLevelResult DecidePlatform(in FlowKey flow, NsgLevel level)
    {
        if (_platform is null || !PlatformServices.IsUnderTags(flow))
            return new NsgLevelResult(level, Nsg, rule: null, Outcomes.Allow, ruleIsSure: true);

        var match = _platform.First(flow);
        return match.Rule < 0
            ? new NsgLevelResult(level, Nsg, rule: null, match.Outcomes | Outcomes.Allow, match.IsSure)
            : new NsgLevelResult(level, Nsg, (NsgRule)_platform[match.Rule].Rule, match.Outcomes, match.IsSure);
    }

    /// <summary>The rules that a flow is asked of; null when nothing reaches it.</summary>
    internal RuleTable? TableFor(in FlowKey flow) =>
        PlatformServices.IsExempt(flow) ? PlatformServices.IsUnderTags(flow) ? _platform : null : flow.Direction == Direction.Inbound ? _inbound : _outbound;

    private static RuleTable Table(IEnumerable<ResolvedRule> rules, Direction direction) =>
        new(rules.Where(r => r.Rule.Direction == direction || r.Rule.Direction == Direction.Unknown), OutcomeOf);

    private static Outcomes OutcomeOf(ITrafficRule rule) => ((NsgRule)rule).Decision switch
    {
        Decision.Allow => Outcomes.Allow,
        Decision.Deny => Outcomes.Deny,
        _ => Outcomes.Allow | Outcomes.Deny,
    };
}
