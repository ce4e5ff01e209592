using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Findings.Rules;

/// <summary>
/// What an unused rule is, for NSG-001 and for the weekly report alike: a rule of the user's, in an NSG whose decisions are in
/// the logs, that matched no recorded flow at its level. By replay, since a log names only one of the rules that a flow passed.
/// </summary>
internal static class UnusedRules
{
    public static IEnumerable<(NetworkSecurityGroup Nsg, NsgRule Rule)> Of(EngineContext context)
    {
        var logged = context.Classes.Select(c => SelfCheck.ShortName(c.Acl)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return context.NodeNsgs.Select(p => p.Nsg).DistinctBy(n => n.Name).Where(n => logged.Contains(n.Name))
            .SelectMany(nsg => nsg.Rules.Where(r => !r.IsDefault && IsLogged(r) && !context.Hits(nsg, r).Any()).Select(rule => (nsg, rule)));
    }

    /// <summary>Flow logs know TCP and UDP only.</summary>
    private static bool IsLogged(NsgRule rule) => rule.Protocol is not (RuleProtocol.Icmp or RuleProtocol.Esp or RuleProtocol.Ah);
}
