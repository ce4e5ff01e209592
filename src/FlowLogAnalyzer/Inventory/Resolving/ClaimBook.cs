using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory.Resolving;

/// <summary>All claims: on single addresses, on prefixes, and the subnets that name where an address lies.</summary>
internal sealed class ClaimBook
{
    private readonly Dictionary<UInt128, List<AddressClaim>> _addresses = [];
    private readonly PrefixTable<AddressClaim> _prefixes = new();
    private readonly PrefixTable<(string Name, DateTime From, DateTime To)> _subnets = new();
    private readonly HashSet<(string, AddressClaim)> _seen = [];

    public void Add(string? ip, AddressClaim claim)
    {
        if (claim.From >= claim.To || !IpAddressKey.TryParse(ip, out var key))
            return;

        if (!_addresses.TryGetValue(key.Bits, out var claims))
            _addresses[key.Bits] = claims = [];

        claims.Add(claim);
    }

    /// <summary>A claim of a version of an entity within a moment; the parts before and after its sure time are not certain.</summary>
    public void Add<T>(string? ip, ClaimRank rank, AddressFacts facts, Valid<T> version, (DateTime From, DateTime To) validity)
        where T : InventoryEntity
    {
        var sureFrom = Clamp(version.SureFrom, validity);
        var sureTo = Clamp(version.SureTo, (sureFrom, validity.To));
        Add(ip, new AddressClaim(rank, facts, validity.From, sureFrom) { Certain = false });
        Add(ip, new AddressClaim(rank, facts, sureFrom, sureTo));
        Add(ip, new AddressClaim(rank, facts, sureTo, validity.To) { Certain = false });
    }

    public void AddPrefix(string? cidr, AddressClaim claim)
    {
        if (claim.From < claim.To && IpPrefix.TryParse(cidr, out var prefix) && _seen.Add((cidr!, claim)))
            _prefixes.Add(prefix, claim with { Weight = prefix.Length });
    }

    public void AddSubnet(string cidr, string name, (DateTime From, DateTime To) validity)
    {
        if (validity.From < validity.To && IpPrefix.TryParse(cidr, out var prefix))
            _subnets.Add(prefix, (name, validity.From, validity.To));
    }

    public IEnumerable<AddressClaim> Find(IpAddressKey address) =>
        (_addresses.TryGetValue(address.Bits, out var exact) ? exact : []).Concat(_prefixes.Find(address).Select(p => p.Value));

    /// <summary>The names of the subnets around an address, longest prefix first.</summary>
    public IReadOnlyList<(string Name, DateTime From, DateTime To)> FindSubnets(IpAddressKey address) => [.. _subnets.Find(address).Select(p => p.Value)];

    private static DateTime Clamp(DateTime time, (DateTime From, DateTime To) range) => time < range.From ? range.From : time > range.To ? range.To : time;
}
