using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Findings.Rules;

/// <summary>
/// LAT-009: a source that was refused at least three times and was then let in. Rules that changed in between explain it;
/// without a change the source found a way that is open, at another place than where it was refused.
/// </summary>
internal static class DenyThenAllow
{
    private const int LeastRefused = 3;

    private static readonly AttackTechnique[] Probing = [new("T1046", "Network Service Discovery"), new("T1021", "Remote Services")];

    public static IEnumerable<Finding> Run(EngineContext context) => ChangedRules(context).Concat(FoundAWay(context));

    /// <summary>The same flow at the same NIC, decided otherwise by newer rules.</summary>
    private static IEnumerable<Finding> ChangedRules(EngineContext context)
    {
        var inbound = context.Classes.Where(c => c.Flow.Direction == Direction.Inbound && c.Mac is not null).ToList();
        var refused = inbound.Where(c => c.Decision == Decision.Deny && c.Flows >= LeastRefused).ToLookup(c => (c.Mac, c.Flow));
        var pairs = inbound.Where(c => c.Decision == Decision.Allow)
            .SelectMany(allowed => refused[(allowed.Mac, allowed.Flow)].Where(r => r.LastSeen <= allowed.LastSeen && allowed.FirstSeen > r.FirstSeen && allowed.FirstSeen - r.LastSeen <= TimeSpan.FromDays(1)
                    && (r.Epoch < allowed.Epoch || NsgChanges.OperationsAround(context.Model, r.LastSeen, allowed.FirstSeen).Any(o => IsOf(context, o, allowed))))
                .Select(r => (Refused: r, Allowed: allowed)));
        foreach (var group in pairs.GroupBy(p => (Source: p.Refused.Flow.Source, p.Refused.Flow.Destination, p.Refused.Flow.DestinationPort)).OrderBy(g => g.Key.Source.Bits).ThenBy(g => g.Key.Destination.Bits).ThenBy(g => g.Key.DestinationPort))
        {
            // Of the refusals before it, the last: what changed after it is what let the flow in.
            var (refusal, allow) = group.OrderBy(p => p.Allowed.FirstSeen).ThenBy(p => p.Refused.Mac, StringComparer.Ordinal).ThenByDescending(p => p.Refused.LastSeen).First();
            var rules = group.Select(p => $"{SelfCheck.ShortName(p.Allowed.Acl)}/{Nsg.RuleNames.Strip(p.Allowed.Rule ?? "")}").Distinct().Order(StringComparer.Ordinal).ToList();
            var operations = NsgChanges.OperationsAround(context.Model, refusal.LastSeen, allow.FirstSeen).Where(o => group.Any(p => IsOf(context, o, p.Allowed))).ToList();
            var changes = NsgChanges.Between(context.Model, refusal.Epoch, allow.Epoch).Append(OperationText.Of(operations)).Where(s => s.Length > 0);
            yield return context.Build("LAT-009", Severity.Info, $"{refusal.Text}: the rules changed",
                $"{refusal.Text} was refused {group.Sum(p => p.Refused.Flows)} times and is allowed now by {string.Join(" and ", rules)}: the rules changed in between. {string.Join(' ', changes)}",
                Parts(context, refusal, SelfCheck.ShortName(allow.Acl), Nsg.RuleNames.Strip(allow.Rule ?? ""), operations) with
                {
                    FirstSeen = group.Min(p => p.Refused.FirstSeen),
                    LastSeen = group.Max(p => p.Allowed.LastSeen),
                    Fix = "Nothing to do when the change was meant.",
                });
        }
    }

    /// <summary>Refused at several places, then let in at one that it had not used before, by rules that did not change.</summary>
    private static IEnumerable<Finding> FoundAWay(EngineContext context)
    {
        var inbound = context.Classes.Where(c => c.Flow.Direction == Direction.Inbound && c.Mac is not null && IsSuspect(context, c)
            && context.Names.Facts(c.Flow.Destination, c.FirstSeen).Kind != AddressKinds.Frontend).GroupBy(c => (c.Flow.Source, c.Flow.DestinationPort, c.Flow.Protocol));
        foreach (var group in inbound.OrderBy(g => g.Key.Source.Bits).ThenBy(g => g.Key.DestinationPort).ThenBy(g => g.Key.Protocol))
        {
            var refused = group.Where(c => c.Decision == Decision.Deny).ToList();
            if (refused.Select(c => c.Flow.Destination).Distinct().Count() < 2 || refused.Sum(c => c.Flows) < LeastRefused)
                continue;

            var firstRefusal = refused.Min(c => c.FirstSeen);
            var found = group.Where(c => c.Decision == Decision.Allow && c.FirstSeen > firstRefusal && c.FirstSeen - refused.Max(r => r.LastSeen) <= TimeSpan.FromDays(1) && !WasChanged(context, c, firstRefusal)
                && !refused.Exists(r => r.Flow.Destination == c.Flow.Destination)).OrderBy(c => c.FirstSeen).ThenBy(c => c.Flow.Destination.Bits).ToList();
            if (found.Count == 0)
                continue;

            yield return context.Build("LAT-009", Severity.High, $"{group.Key.Source} to port {group.Key.DestinationPort}: a way was found",
                $"{group.Key.Source} was refused {refused.Sum(c => c.Flows)} times at port {group.Key.DestinationPort} of {refused.Select(c => c.Flow.Destination).Distinct().Count()} hosts and then let in at {ShareText.Nodes(found.Select(f => f.Flow.Destination.ToString()).Distinct())}"
                    + $" by {SelfCheck.ShortName(found[0].Acl)}/{Nsg.RuleNames.Strip(found[0].Rule ?? "")}; the rules did not change.",
                Parts(context, found[0], SelfCheck.ShortName(found[0].Acl), Nsg.RuleNames.Strip(found[0].Rule ?? "")) with
                {
                    FirstSeen = firstRefusal,
                    LastSeen = found.Max(f => f.LastSeen),
                    Confidence = Confidence.Medium,
                    Attack = Probing,
                    Sql = Rows(found[0]),
                    Fix = $"Find out what on {group.Key.Source} does this. If {Nsg.RuleNames.Strip(found[0].Rule ?? "")} is wider than it has to be, narrow it, and try that with flowlog replay --nsg first.",
                });
        }
    }

    /// <summary>The internet tries everything all the time, and the load balancer's probes go wherever they are configured to go.</summary>
    private static bool IsSuspect(EngineContext context, FlowClass flow) =>
        context.Names.Facts(flow.Flow.Source, flow.FirstSeen).Kind is not (AddressKinds.Public or AddressKinds.Platform);

    /// <summary>True when the NSG that let a flow in was changed since a time: then it is a change that opened the way.</summary>
    private static bool WasChanged(EngineContext context, FlowClass allowed, DateTime since) =>
        context.Model.Epoch(allowed.Epoch).Nsg(allowed.Acl) is { } nsg && NsgChanges.HasChanged(context.Model, nsg, since, allowed.FirstSeen);

    private static bool IsOf(EngineContext context, NsgOperation operation, FlowClass flow) =>
        context.Model.Epoch(flow.Epoch).Nsg(flow.Acl) is { } nsg && nsg.Id.Equals(operation.NsgId, StringComparison.OrdinalIgnoreCase);

    /// <summary>Rows of the same source and port, wherever it went.</summary>
    private static string Rows(FlowClass flow) =>
        $"select time, mac, src_ip, src_port, dst_ip, dst_port, decision, nsg, rule_name, blob, record_index, tuple_index from tuples where is_new and direction = 'Inbound' and src_ip = {SqlText.Literal(flow.Flow.Source.ToString())}"
        + $" and dst_port = {flow.Flow.DestinationPort} and protocol = {flow.Flow.Protocol}";

    private static FindingParts Parts(EngineContext context, FlowClass flow, string nsg, string rule, IReadOnlyList<NsgOperation>? operations = null) => new()
    {
        Nsg = nsg,
        Rule = rule,
        Evidence =
        [
            new("source", flow.Flow.Source.ToString()), new("sourceNode", context.Names.Facts(flow.Flow.Source, flow.FirstSeen).Node),
            new("destination", flow.Flow.Destination.ToString()), new("port", (long)flow.Flow.DestinationPort),
            new("changedBy", operations?.Select(o => o.Caller).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } callers ? string.Join(", ", callers) : null),
        ],
        Sql = $"{Rows(flow)} and dst_ip = {SqlText.Literal(flow.Flow.Destination.ToString())}",
    };
}
