using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;
using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory;

/// <summary>A change of an NSG or of one of its rules that succeeded, as the Activity Log tells it.</summary>
public sealed record NsgOperation
{
    /// <summary>ARM id in lower case.</summary>
    public required string NsgId { get; init; }

    public required string NsgName { get; init; }

    /// <summary>Null when the NSG was changed as a whole.</summary>
    public string? Rule { get; init; }

    /// <summary><c>Microsoft.Network/networkSecurityGroups/securityRules/write</c> and the like.</summary>
    public required string Operation { get; init; }

    /// <summary>The first and the last entry of the operation, UTC. New flows are decided by the new rules from about the last on.</summary>
    public required DateTime Started { get; init; }

    public required DateTime Ended { get; init; }

    /// <summary>The person's name, or the object id of an application; null when the export has none.</summary>
    public string? Caller { get; init; }

    public string? CallerIp { get; init; }

    /// <summary>Operations from their entries, in order of time.</summary>
    internal static IReadOnlyList<NsgOperation> Of(IEnumerable<ActivityEntity> entries) =>
    [
        .. entries.GroupBy(e => (e.Correlation ?? e.Id, Resource: e.ResourceId.ToUpperInvariant(), Operation: e.Operation.ToUpperInvariant()))
            .Where(g => g.Any(e => e.Status.Equals("Succeeded", StringComparison.OrdinalIgnoreCase)))
            .Select(g => Of([.. g.OrderBy(e => e.Time)])).OrderBy(o => o.Ended).ThenBy(o => o.NsgId, StringComparer.Ordinal).ThenBy(o => o.Rule, StringComparer.Ordinal),
    ];

    /// <summary>
    /// A snapshot shows that rules have changed, not when. Where the Activity Log has the changes since the snapshot before, the
    /// new version begins with the last of them.
    /// </summary>
    internal static IReadOnlyList<Valid<NsgEntity>> Sharpen(IReadOnlyList<Valid<NsgEntity>> versions, Func<string, IReadOnlyList<DateTime>> sightings, IReadOnlyList<NsgOperation> operations)
    {
        if (operations.Count == 0)
            return versions;

        var sharp = versions.ToList();
        for (var i = 1; i < sharp.Count; i++)
        {
            var (old, now) = (sharp[i - 1], sharp[i]);
            if (old.Entity.Id != now.Entity.Id || old.To != now.From)
                continue;

            var before = sightings(now.Entity.Id).Last(s => s < now.From);
            if (operations.LastOrDefault(o => o.NsgId == now.Entity.Id && o.Ended > before && o.Ended <= now.From) is { } change)
                (sharp[i - 1], sharp[i]) = (old with { To = change.Ended, SureTo = change.Ended }, now with { From = change.Ended, SureFrom = change.Ended });
        }

        return sharp;
    }

    private static NsgOperation Of(IReadOnlyList<ActivityEntity> entries)
    {
        var first = entries[0];
        return new NsgOperation
        {
            NsgId = ArmIds.Parent(first.ResourceId, "networkSecurityGroups")!.ToLowerInvariant(),
            NsgName = ArmIds.Segment(first.ResourceId, "networkSecurityGroups")!,
            Rule = ArmIds.Segment(first.ResourceId, "securityRules"),
            Operation = first.Operation,
            Started = first.Time,
            Ended = entries[^1].Time,
            Caller = entries.Select(e => e.Caller).FirstOrDefault(c => c is not null),
            CallerIp = entries.Select(e => e.CallerIp).FirstOrDefault(c => c is not null),
        };
    }
}
