using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings.Rules;

/// <summary>
/// NSG-010: an NSG of the nodes that decides without any of its decisions being in the logs. OBS-001 says what that does to
/// the logs; this says which rules nobody can judge.
/// </summary>
internal static class UnloggedLevel
{
    private const int MostNamed = 5;

    public static IEnumerable<Finding> Run(EngineContext context)
    {
        using var rows = context.Database.Read("select nsg, level, sorted_set(node), sorted_set(logged_nsg), min(first_seen), max(last_seen) from unlogged_levels where tuples > 0 group by nsg, level order by nsg, level", null);
        foreach (var row in rows.Read().ToList())
        {
            var (name, level) = ((string)row[0]!, (string)row[1]!);
            if (context.State.Nsg(name) is not { } nsg)
                continue;

            var rules = nsg.Rules.Where(r => !r.IsDefault).OrderBy(r => r.Direction).ThenBy(r => r.Priority).Select(r => r.Name).ToList();
            yield return context.Build("NSG-010", Severity.Low, $"{nsg.Name} on the {level} level",
                $"{nsg.Name} guards {ShareText.Nodes(((IEnumerable<object?>)row[2]!).Cast<string>())} on the {level} level, and only {string.Join(", ", ((IEnumerable<object?>)row[3]!).Cast<string>())} is logged: "
                    + (rules.Count == 0 ? "what its default rules deny cannot be seen." : $"whether its {rules.Count} rules ({string.Join(", ", rules.Take(MostNamed))}{(rules.Count > MostNamed ? ", …" : "")}) match anything, and what they deny, cannot be seen."),
                new FindingParts
                {
                    Nsg = nsg.Name,
                    Evidence = [new("level", level), new("nodes", row[2]), new("rules", rules)],
                    Sql = $"select mac, node, level, nsg, logged_nsg, tuples from unlogged_levels where nsg = {SqlText.Literal(name)} and level = {SqlText.Literal(level)} and tuples > 0",
                    FirstSeen = (DateTime)row[4]!,
                    LastSeen = (DateTime)row[5]!,
                    Fix = "Log the virtual network (VNet flow logs need no second level), or ingest the flow log of this NSG too. OBS-001 says what else is missing.",
                    Limits = [$"NSG-001 and NSG-003 say nothing about the rules of {nsg.Name}."],
                });
        }
    }
}
