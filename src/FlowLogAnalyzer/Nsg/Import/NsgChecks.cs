namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>What Azure would refuse, and what makes an answer ambiguous.</summary>
internal static class NsgChecks
{
    public static IEnumerable<string> Problems(NetworkSecurityGroup nsg)
    {
        foreach (var group in nsg.Rules.Where(r => r.Priority != NsgRule.UnresolvedPriority).GroupBy(r => (r.Direction, r.Priority)).Where(g => g.Count() > 1))
        {
            yield return $"NSG '{nsg.Name}' has {group.Count()} {group.Key.Direction} rules with priority {group.Key.Priority} "
                + $"({string.Join(", ", group.Select(r => r.Name))}); Azure refuses that, and the first one is taken.";
        }
    }
}
