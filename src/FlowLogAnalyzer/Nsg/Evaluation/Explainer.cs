using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>Puts a decision into words; slow and allocating, for single flows.</summary>
internal static class Explainer
{
    public static NsgExplanation Explain(NsgEvaluator evaluator, FlowKey flow)
    {
        var decision = evaluator.Decide(flow);
        if (flow.Direction == Direction.Unknown)
            return new NsgExplanation { Flow = flow, Decision = decision, Levels = [], UndecidedReason = "The flow has no direction." };

        var order = flow.Direction == Direction.Inbound ? new[] { NsgLevel.Subnet, NsgLevel.Nic } : [NsgLevel.Nic, NsgLevel.Subnet];
        var levels = new List<LevelExplanation>();
        if (evaluator.AdminRules is { } admin && !PlatformServices.IsExempt(flow))
            levels.Add(Level(NsgLevel.Admin, null, admin.TableOf(flow.Direction), flow, Word(decision.Admin.Decision)));
        foreach (var level in order)
        {
            if (evaluator.Level(level) is { } compiled)
                levels.Add(Level(level, compiled.Nsg, compiled.TableFor(flow), flow, Word((level == NsgLevel.Subnet ? decision.Subnet : decision.Nic).Decision)));
        }

        return new NsgExplanation { Flow = flow, Decision = decision, Levels = levels, UndecidedReason = decision.IsDecided ? null : Reason(levels) };
    }

    private static LevelExplanation Level(NsgLevel level, NetworkSecurityGroup? nsg, RuleTable? table, FlowKey flow, string word)
    {
        var matches = table?.Matches(flow).ToList() ?? [];
        var first = matches.FindIndex(m => m.Sure);
        var deciding = first < 0 ? null : matches[first].Rule;
        var before = first < 0 ? matches : matches[..first];
        return new LevelExplanation
        {
            Level = level,
            Nsg = nsg,
            Decision = word,
            Rule = deciding?.Rule,
            Undecidable = [.. before.Select(m => new UndecidableRule(m.Rule.Rule, Reasons(m.Rule, flow)))],
            Later = first < 0 ? [] : [.. matches[(first + 1)..].Where(m => m.Sure).Select(m => m.Rule.Rule)],
            Tags = deciding is null ? [] : [.. Tags("source", deciding.Source, flow.Source), .. Tags("destination", deciding.Destination, flow.Destination)],
        };
    }

    private static string[] Reasons(ResolvedRule rule, FlowKey flow)
    {
        var reasons = rule.Unknown().ToList();
        if (reasons.Count == 0 && !flow.HasPorts)
            reasons.Add($"particular ports for any protocol, while {IpProtocols.Name(flow.Protocol)} has none");
        return [.. reasons];
    }

    private static IEnumerable<TagUse> Tags(string side, ResolvedSide resolved, IpAddressKey address)
    {
        foreach (var tag in resolved.Tags.Where(t => t.Addresses.Contains(address)))
            yield return new TagUse(side, tag, tag.Parts.Where(p => p.Range.Contains(address)).OrderBy(p => p.Assumed).First());
    }

    private static string Reason(List<LevelExplanation> levels)
    {
        var rules = levels.SelectMany(l => l.Undecidable.Select(u => $"{Where(l, u.Rule)} names {string.Join(" and ", u.Reasons)}")).ToList();
        var unresolved = levels.Where(l => l.Decision == Undecided && l.Rule is not null && l.Undecidable.Count == 0).Select(l => $"{Where(l, l.Rule!)} matches, but whether it allows or denies is not resolved");
        return $"This cannot be decided: {string.Join("; ", rules.Concat(unresolved))}. Give the missing part with an effective-rules export ('az network nic list-effective-nsg'), a service-tags file or a tag map.";
    }

    private static string Where(LevelExplanation level, ITrafficRule rule) => level.Nsg is null
        ? $"security admin rule '{rule.Name}' (priority {rule.Priority})"
        : $"rule '{rule.Name}' (priority {rule.Priority}) of NSG '{level.Nsg.Name}' at the {(level.Level == NsgLevel.Subnet ? "subnet" : "NIC")}";

    private const string Undecided = "undecided";

    private static string Word(Decision decision) => decision.Word() ?? Undecided;

    private static string Word(AdminDecision decision) => decision == AdminDecision.Unresolved ? Undecided : decision.ToString();
}
