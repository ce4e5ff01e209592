using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Replay;

/// <summary><c>replay --current</c>: do the exported rules decide as Azure did? Only then can a what-if be trusted.</summary>
public static class SelfCheck
{
    public static SelfCheckResult Run(LakeDatabase database, NetworkModel model, CancellationToken cancellation = default)
    {
        var comparison = new FlowComparison(model);
        var groups = new Dictionary<(ReplayOutcome, string, string, Decision, Decision, string?), ReplayGroup>();
        var (flows, rows, classes, agreed, differed, undecided, assumed) = (0L, 0L, 0, 0L, 0L, 0L, 0L);
        foreach (var flow in FlowClasses.Read(database, model))
        {
            cancellation.ThrowIfCancellationRequested();
            var result = comparison.Compare(flow);
            (flows, rows, classes) = (flows + flow.Flows, rows + flow.Rows, classes + 1);
            if (result.Outcome == ReplayOutcome.Agrees)
            {
                agreed += flow.Flows;
                assumed += IsAssumed(model, flow, result) ? flow.Flows : 0;
                continue;
            }

            (differed, undecided) = SelfCheckResult.IsDifference(result.Outcome) ? (differed + flow.Flows, undecided) : (differed, undecided + flow.Flows);
            Add(groups, flow, result, model);
        }

        return new SelfCheckResult
        {
            Flows = flows,
            Rows = rows,
            Classes = classes,
            Agreed = agreed,
            Differed = differed,
            NotDecided = undecided,
            Assumed = assumed,
            Tags = TagReport.Of(model),
            Groups = [.. groups.Values.OrderByDescending(g => g.Flows).ThenBy(g => g.Nsg, StringComparer.Ordinal).ThenBy(g => g.Rule, StringComparer.Ordinal).ThenBy(g => g.Outcome)],
        };
    }

    private static bool IsAssumed(NetworkModel model, FlowClass flow, Comparison result) =>
        result.Nic is { } nic && result.Decision.Rule is { } rule && rule.Source.Prefixes.Concat(rule.Destination.Prefixes)
            .Select(p => model.Epoch(flow.Epoch).EvaluatorOf(nic).Scope.Expand(p)).Any(t => t is { HasAssumptions: true }
                && ((t.Addresses.Contains(flow.Flow.Source) && !t.Confirmed.Contains(flow.Flow.Source)) || (t.Addresses.Contains(flow.Flow.Destination) && !t.Confirmed.Contains(flow.Flow.Destination))));

    private static void Add(Dictionary<(ReplayOutcome, string, string, Decision, Decision, string?), ReplayGroup> groups, FlowClass flow, Comparison result, NetworkModel model)
    {
        var nsg = ShortName(flow.Acl);
        var by = result.Decision.Rule is { } rule ? $"{result.Decision.Nsg?.Name}/{rule.Name}" : null;
        var key = (result.Outcome, nsg, flow.Rule ?? "", flow.Decision, result.Decision.Decision, by);
        if (!groups.TryGetValue(key, out var group))
        {
            group = new ReplayGroup
            {
                Outcome = result.Outcome,
                Nsg = nsg,
                Rule = flow.Rule ?? "",
                Logged = flow.Decision,
                Decided = result.Decision.Decision,
                DecidedBy = by,
                Explanation = DifferenceText.Of(flow, result, model),
                FirstSeen = flow.FirstSeen,
                LastSeen = flow.LastSeen,
                Example = Example(flow, result),
            };
        }

        groups[key] = group with
        {
            Flows = group.Flows + flow.Flows,
            FirstSeen = flow.FirstSeen < group.FirstSeen ? flow.FirstSeen : group.FirstSeen,
            LastSeen = flow.LastSeen > group.LastSeen ? flow.LastSeen : group.LastSeen,
            Example = flow.FirstSeen > group.FirstSeen ? group.Example : Earlier(group, flow, result),
        };
    }

    /// <summary>The first one of a group; of several at one time always the same, since the engine hands out classes in any order.</summary>
    private static string Earlier(ReplayGroup group, FlowClass flow, Comparison result)
    {
        var example = Example(flow, result);
        return flow.FirstSeen < group.FirstSeen || string.CompareOrdinal(example, group.Example) < 0 ? example : group.Example;
    }

    private static string Example(FlowClass flow, Comparison result) => $"{flow.Flow.Direction.Word()} at {result.Nic?.Name ?? flow.Mac ?? "an unknown NIC"}: {flow.Text}";

    internal static string ShortName(string? acl) => acl is null ? "" : acl[(acl.LastIndexOf('/') + 1)..].ToLowerInvariant();
}
