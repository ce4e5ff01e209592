using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>Security admin rules compiled for one scope; they come before every NSG (Azure docs, concept-security-admins).</summary>
internal sealed class CompiledAdminRules
{
    private readonly RuleTable _inbound;
    private readonly RuleTable _outbound;

    public CompiledAdminRules(IEnumerable<SecurityAdminRule> rules, AddressScope scope)
    {
        var resolved = rules.OrderBy(r => r.Priority).Select(r => ResolvedRule.Of(r, scope)).ToList();
        _inbound = Table(resolved, Direction.Inbound);
        _outbound = Table(resolved, Direction.Outbound);
    }

    public AdminLevelResult Decide(in FlowKey flow)
    {
        var table = TableOf(flow.Direction);
        var match = table.First(flow);
        return match.Rule < 0
            ? new AdminLevelResult(null, match.Outcomes | Outcomes.Allow, match.IsSure)
            : new AdminLevelResult((SecurityAdminRule)table[match.Rule].Rule, match.Outcomes, match.IsSure);
    }

    internal RuleTable TableOf(Direction direction) => direction == Direction.Inbound ? _inbound : _outbound;

    private static RuleTable Table(IEnumerable<ResolvedRule> rules, Direction direction) =>
        new(rules.Where(r => r.Rule.Direction == direction || r.Rule.Direction == Direction.Unknown), OutcomeOf);

    private static Outcomes OutcomeOf(ITrafficRule rule) => ((SecurityAdminRule)rule).Decision switch
    {
        AdminDecision.Allow => Outcomes.Allow,
        AdminDecision.AlwaysAllow => Outcomes.AlwaysAllow,
        AdminDecision.Deny => Outcomes.Deny,
        _ => Outcomes.Allow | Outcomes.AlwaysAllow | Outcomes.Deny,
    };
}
