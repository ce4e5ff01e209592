using FlowLogAnalyzer.Inventory.Timeline;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Import;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>The tables nsgs and nsg_rules, and the models behind them.</summary>
internal static class NsgTables
{
    public static IReadOnlyList<NsgVersion> Read(InventoryHistory history) =>
    [
        .. history.Nsgs.SelectMany(v => NsgJson.Read(v.Entity.Source, v.Entity.Name).Nsgs.Take(1).Select(n => new NsgVersion(n, v.From, v.To)))
            .OrderBy(v => v.Nsg.Name, StringComparer.Ordinal).ThenBy(v => v.Nsg.Id, StringComparer.Ordinal).ThenBy(v => v.From),
    ];

    public static void Add(IReadOnlyList<NsgVersion> versions, RowCollector nsgs, RowCollector rules)
    {
        foreach (var (nsg, from, to) in versions)
        {
            foreach (var key in Keys(nsg))
                nsgs.Add((from, to), nsg.Name, key, nsg.Id, nsg.IsAksManaged);

            foreach (var rule in nsg.Rules)
                rules.Add(
                    (from, to), nsg.Name, nsg.Id, rule.Name, rule.Priority, rule.Direction.ToString(), rule.Decision.ToString(),
                    rule.Protocol == RuleProtocol.Any ? "*" : rule.Protocol.ToString(), Addresses(rule.Source), Ports(rule.Source),
                    Addresses(rule.Destination), Ports(rule.Destination), rule.IsDefault);
        }
    }

    /// <summary>NSG logs and newer VNet logs name the NSG by ARM id, VNet logs of 2022 to 2024 by GUID.</summary>
    private static IEnumerable<string> Keys(NetworkSecurityGroup nsg) =>
        new[] { nsg.Id, nsg.ResourceGuid }.Where(k => !string.IsNullOrEmpty(k)).Select(k => k!.ToLowerInvariant());

    private static string Addresses(RuleSide side) => string.Join(',', side.Prefixes.Concat(side.Asgs));

    private static string Ports(RuleSide side) => string.Join(',', side.Ports);
}
