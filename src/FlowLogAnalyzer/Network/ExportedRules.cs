using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Timeline;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Import;

namespace FlowLogAnalyzer.Network;

/// <summary>The effective rules and the security admin rules that an inventory holds for some time.</summary>
internal sealed record ExportedRules(IReadOnlyList<EffectiveNsg> Effective, IReadOnlyList<SecurityAdminRule> AdminRules)
{
    /// <summary>Those that hold at some time of [from, to), UTC.</summary>
    public static ExportedRules Of(InventoryHistory history, DateTime from, DateTime to) => new(
        [.. history.EffectiveNsgs.Where(e => e.Overlaps(from, to)).OrderBy(e => e.From).SelectMany(e => Effectives(e, history, from, to))],
        [.. history.AdminRules.Where(r => r.Overlaps(from, to)).OrderBy(r => r.From).SelectMany(r => NsgJson.Read(r.Entity.Source, r.Entity.Name).AdminRules)]);

    private static IEnumerable<EffectiveNsg> Effectives(Valid<EffectiveNsgEntity> exported, InventoryHistory history, DateTime from, DateTime to)
    {
        // Rules that were changed before or after the effective ones were looked at are known from the NSG's own export only.
        var nsg = history.Nsgs.LastOrDefault(n => n.Entity.Id == exported.Entity.NsgId && n.Overlaps(from, to));
        var changed = nsg is not null && (nsg.From > exported.LastSeen || nsg.To <= exported.FirstSeen);
        return NsgJson.Read(exported.Entity.Source, exported.Entity.Name).Effective.Select(e => e with { TagsOnly = changed });
    }
}
