using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Network;

/// <summary>What changed in the rules between epochs, in sentences.</summary>
internal static class NsgChanges
{
    /// <summary>An operation is over before its entry is written, and rules reach NICs some time after.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    public static IEnumerable<string> Between(NetworkModel model, int before, int after)
    {
        for (var epoch = before; epoch < after; epoch++)
        {
            var (old, now) = (model.Epoch(epoch), model.Epoch(epoch + 1));
            foreach (var nsg in now.Nsgs.OrderBy(n => n.Name, StringComparer.Ordinal))
            {
                if (old.Matching(nsg) is { } was && Differences(was, nsg).ToList() is { Count: > 0 } changes)
                    yield return $"From {model.Boundaries[epoch]:yyyy-MM-dd HH:mm:ss} UTC on, {nsg.Name} has other rules: {string.Join(", ", changes)}.";
            }
        }
    }

    /// <summary>What the Activity Log has about the time between two logged decisions (UTC), give or take what it takes for rules to work.</summary>
    public static IReadOnlyList<NsgOperation> OperationsAround(NetworkModel model, DateTime lastOld, DateTime firstNew) => Operations(model, lastOld - Slack, firstNew + Slack);

    /// <summary>What the Activity Log has of a time, (from, to] in UTC.</summary>
    public static IReadOnlyList<NsgOperation> Operations(NetworkModel model, DateTime from, DateTime to) => [.. model.Inventory.NsgOperations.Where(o => o.Ended > from && o.Ended <= to)];

    /// <summary>True when an export or the Activity Log shows that an NSG was changed in a time, (from, to] in UTC.</summary>
    public static bool HasChanged(NetworkModel model, NetworkSecurityGroup nsg, DateTime from, DateTime to) =>
        Operations(model, from, to).Any(o => o.NsgId.Equals(nsg.Id, StringComparison.OrdinalIgnoreCase))
        || (model.EpochOf(from) is var before && model.EpochOf(to) is var after && before != after
            && (model.Epoch(before).Matching(nsg) is not { } was || model.Epoch(after).Matching(nsg) is not { } now || Differences(was, now).Any()));

    private static IEnumerable<string> Differences(NetworkSecurityGroup was, NetworkSecurityGroup now)
    {
        foreach (var rule in was.Rules.Where(r => Find(now, r) is null))
            yield return $"rule {rule.Name} (priority {rule.Priority}, {rule.Decision}) removed";
        foreach (var rule in now.Rules)
        {
            if (Find(was, rule) is not { } old)
                yield return $"rule {rule.Name} (priority {rule.Priority}, {rule.Decision}) added";
            else if (old != rule)
                yield return $"rule {rule.Name} (priority {rule.Priority}, {rule.Decision}) changed";
        }
    }

    private static NsgRule? Find(NetworkSecurityGroup nsg, NsgRule rule) =>
        nsg.Rules.FirstOrDefault(r => r.Direction == rule.Direction && r.Name.Equals(rule.Name, StringComparison.OrdinalIgnoreCase));
}
