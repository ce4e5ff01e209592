using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg.Space;

/// <summary>How much of a rule the rules before it leave.</summary>
public enum CoverageKind : byte
{
    /// <summary>A name of the rule is not known, or the arithmetic grew too large: nothing is claimed.</summary>
    Undecidable = 0,

    /// <summary>No earlier rule takes anything.</summary>
    Free,

    /// <summary>Earlier rules take a part.</summary>
    Partly,

    /// <summary>Nothing is left: the rule can never decide.</summary>
    Shadowed,
}

/// <summary>What earlier rules of the same NSG and direction take from a rule, by set arithmetic on expanded prefixes.</summary>
public sealed record RuleCoverage
{
    private const int SliceLimit = 4096;

    public required NsgRule Rule { get; init; }

    public required CoverageKind Kind { get; init; }

    /// <summary>The earlier rules that took a part that no rule before them had taken, in order.</summary>
    public IReadOnlyList<NsgRule> TakenBy { get; init; } = [];

    /// <summary>What is left.</summary>
    public IReadOnlyList<RuleSlice> Remaining { get; init; } = [];

    /// <summary>True when a rule that took something decides the opposite: then the order matters.</summary>
    public bool Conflicts => TakenBy.Any(r => r.Decision != Rule.Decision);

    /// <summary>All user rules of an NSG on one subnet or NIC; tags differ between them, so ask for each.</summary>
    public static IReadOnlyList<RuleCoverage> OfUserRules(NetworkSecurityGroup nsg, AddressScope scope) =>
        [.. nsg.Rules.Where(r => !r.IsDefault).Select(r => Of(nsg, r, scope))];

    /// <param name="nsg">Holds the earlier rules; <paramref name="rule"/> itself need not be in it.</param>
    /// <param name="rule">The rule to look at.</param>
    /// <param name="scope">What names stand for.</param>
    public static RuleCoverage Of(NetworkSecurityGroup nsg, NsgRule rule, AddressScope scope)
    {
        var resolved = ResolvedRule.Of(rule, scope);
        if (resolved.Unknown().Any())
            return new RuleCoverage { Rule = rule, Kind = CoverageKind.Undecidable };

        var left = RuleSlice.Of(resolved).ToList();
        var takers = new List<NsgRule>();
        foreach (var earlier in nsg.Rules.Where(r => r.Direction == rule.Direction && r.Priority < rule.Priority).OrderBy(r => r.Priority))
        {
            if (Subtract(left, ResolvedRule.Of(earlier, scope)))
                takers.Add(earlier);
            if (left.Count > SliceLimit)
                return new RuleCoverage { Rule = rule, Kind = CoverageKind.Undecidable };
        }

        var kind = left.Count == 0 ? CoverageKind.Shadowed : takers.Count == 0 ? CoverageKind.Free : CoverageKind.Partly;
        return new RuleCoverage { Rule = rule, Kind = kind, TakenBy = takers, Remaining = left };
    }

    /// <summary>An earlier rule with unknown names takes at least its known part.</summary>
    private static bool Subtract(List<RuleSlice> left, ResolvedRule earlier)
    {
        var took = false;
        foreach (var slice in RuleSlice.Of(earlier))
        {
            if (!left.Any(l => l.Overlaps(slice)))
                continue;

            took = true;
            var next = left.SelectMany(l => l.Except(slice)).ToList();
            left.Clear();
            left.AddRange(next);
        }

        return took;
    }
}
