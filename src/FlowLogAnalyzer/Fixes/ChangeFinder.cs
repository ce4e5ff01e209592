using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Fixes;

/// <summary>
/// Which change broke it: first by the exports of the rules (those before let the flows through), else by the logs (the same
/// flows were let in until some time), each with what the Activity Log has about that time.
/// </summary>
internal sealed class ChangeFinder(LakeDatabase database, NetworkModel model)
{
    /// <summary>Kinds of refused flow that the logs are asked about.</summary>
    private const int MostTargets = 100;

    /// <summary>Null when the flows were refused from the beginning, as far as anything shows.</summary>
    public RuleChange? CauseOf(FixCase found) => ByExports(found) ?? ByLogs(found);

    private RuleChange? ByExports(FixCase found)
    {
        if (found.Epoch == 0)
            return null;

        var (before, at) = (model.Epoch(found.Epoch - 1), model.Boundaries[found.Epoch - 1]);
        var refusedBefore = found.Targets.Where(t => t.Epoch == found.Epoch).Any(t => before.NicByMac(t.Mac) is not { } nic || before.Decide(nic, t.Flow).Decision != Decision.Allow);
        var changes = refusedBefore ? [] : NsgChanges.Between(model, found.Epoch - 1, found.Epoch).ToList();
        if (changes.Count == 0)
            return null;

        var operations = NsgChanges.Operations(model, found.Epoch == 1 ? DateTime.MinValue : model.Boundaries[found.Epoch - 2], at);
        return new RuleChange(at, Sentences([.. changes, OperationText.Of(operations)])) { Operations = operations };
    }

    private RuleChange? ByLogs(FixCase found)
    {
        if (Turn([.. found.Targets.Where(t => t.Epoch == found.Epoch && t.Mac is not null)]) is not { } turn)
            return null;

        var nsgs = found.Targets.Select(t => model.Epoch(t.Epoch).NicByMac(t.Mac)).OfType<NicPlace>().SelectMany(n => new[] { n.SubnetNsg, n.NicNsg }).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var operations = NsgChanges.OperationsAround(model, turn.Allowed, turn.Refused).Where(o => nsgs.Contains(o.NsgId)).ToList();
        var logged = $"The logs show {FlowText.Of(turn.Flow)} let in until {SqlText.Iso(turn.Allowed)} and refused from {SqlText.Iso(turn.Refused)} on.";
        return new RuleChange(operations.Count > 0 ? operations[^1].Ended : turn.Refused,
            Sentences([logged, operations.Count > 0 ? OperationText.Of(operations) : "No export of the NSGs or of the Activity Log shows what changed in between."]))
        { Operations = operations };
    }

    private static string Sentences(IEnumerable<string> sentences) => string.Join(' ', sentences.Where(s => s.Length > 0));

    /// <summary>The target for which the logs narrow the turn from allowed to refused most closely.</summary>
    private (FlowKey Flow, DateTime Allowed, DateTime Refused)? Turn(IReadOnlyList<TargetRows> targets)
    {
        var asked = targets.OrderByDescending(t => t.Rows).ThenBy(t => t.Flow.ToString(), StringComparer.Ordinal).Take(MostTargets).ToList();
        if (asked.Count == 0)
            return null;

        using var rows = database.Read(TurnSql(asked), null);
        var turns = rows.Read().Select(r => (asked[(int)(long)r[0]!].Flow, Allowed: (DateTime)r[1]!, Refused: asked[(int)(long)r[0]!].FirstSeen)).ToList();
        return turns.Count == 0 ? null : turns.OrderBy(t => t.Refused - t.Allowed).ThenBy(t => t.Flow.ToString(), StringComparer.Ordinal).First();
    }

    private static string TurnSql(IReadOnlyList<TargetRows> targets) => $"""
        with targets(number, mac, direction, src_ip, dst_ip, dst_port, refused) as (
          values {string.Join(", ", targets.Select((t, i) => $"({i}, {SqlText.Literal(t.Mac!)}, '{t.Flow.Direction}', {SqlText.Literal(t.Flow.Source.ToString())}, {SqlText.Literal(t.Flow.Destination.ToString())}, {t.Flow.DestinationPort}, {SqlText.Time(t.FirstSeen)})"))}
        )
        select r.number, max(t.time)
        from targets r
        join tuples t on t.mac = r.mac and t.direction = r.direction and t.src_ip = r.src_ip and t.dst_ip = r.dst_ip and t.dst_port = r.dst_port
        where t.decision = 'Allow' and t.is_new and t.time < r.refused
        group by r.number
        order by r.number
        """;
}
