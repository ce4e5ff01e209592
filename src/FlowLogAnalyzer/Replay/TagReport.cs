using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Replay;

/// <summary>What the service tags in the rules stand for, and which source said so: goes with every replay.</summary>
internal static class TagReport
{
    /// <summary>A sentence for each tag, or for each subnet where it differs, by the rules in force at the end.</summary>
    public static IReadOnlyList<string> Of(NetworkModel model)
    {
        var state = model.Epoch(model.Boundaries.Count);
        var known = state.Nics.Where(n => n.SubnetId is not null).DistinctBy(n => (n.SubnetId, n.NicNsg)).SelectMany(nic => Tags(state, nic).Select(tag => (Tag: tag, nic.Subnet, Meaning: Meaning(state, nic, tag)))).Distinct().ToList();
        return
        [
            .. known.GroupBy(k => k.Tag, StringComparer.OrdinalIgnoreCase).OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase).SelectMany(g => g.GroupBy(k => k.Meaning).OrderBy(m => m.Key, StringComparer.Ordinal)
                .Select(m => $"{g.Key}{(g.DistinctBy(k => k.Meaning).Count() == 1 ? "" : $" on {ShareText.Nodes(m.Select(k => k.Subnet ?? "an unnamed subnet").Distinct().Order(StringComparer.Ordinal))}")}: {m.Key}.")),
        ];
    }

    private static IEnumerable<string> Tags(NetworkState state, NicPlace nic)
    {
        var context = state.EvaluatorOf(nic).Context;
        return new[] { context.SubnetNsg, context.NicNsg }.OfType<NetworkSecurityGroup>().SelectMany(n => n.Rules).AsEnumerable<ITrafficRule>().Concat(context.AdminRules)
            .SelectMany(r => r.Source.Prefixes.Concat(r.Destination.Prefixes)).Where(p => !ServiceTagNames.IsAny(p) && !AddressRange.TryParse(p, out _)).Select(ServiceTagNames.Canonical).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static string Meaning(NetworkState state, NicPlace nic, string tag) => state.EvaluatorOf(nic).Scope.Expand(tag) switch
    {
        null => "not known, so flows that it could decide stay undecided; give it with --tags",
        { Origin: TagOrigin.Override } own => $"{own.Source}: {ShareText.Nodes(own.Addresses.Ranges.Select(r => r.ToString()))}",
        var found => found.Source,
    };
}
