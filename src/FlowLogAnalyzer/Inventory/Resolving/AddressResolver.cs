using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Inventory.Resolving;

/// <summary>Who an address was, over all of time: the best claim of every interval between two changes.</summary>
internal sealed class AddressResolver(ClaimBook book)
{
    private static readonly IpPrefix[] Platform = Parse("168.63.129.16", "169.254.169.254", "fe80::/10");

    /// <summary>Ranges that are not routed on the internet (RFC 1918, 6598, 3927, 1122, 4193).</summary>
    private static readonly IpPrefix[] Private = Parse("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7");

    public IReadOnlyList<AddressRow> Resolve(IpAddressKey address)
    {
        if (Platform.Any(p => p.Contains(address)))
            return [new AddressRow(InventorySchema.BeginningOfTime, InventorySchema.EndOfTime, new AddressFacts(AddressKinds.Platform, PlatformName(address)))];

        var claims = book.Find(address).Append(LastResort(address)).ToList();
        var subnets = book.FindSubnets(address);
        var times = new SortedSet<DateTime>(claims.SelectMany(c => (DateTime[])[c.From, c.To]).Concat(subnets.SelectMany(s => (DateTime[])[s.From, s.To])));
        var rows = new List<AddressRow>();
        foreach (var (from, to) in times.Zip(times.Skip(1)))
            Append(rows, Best(claims, from, to) with { Subnet = subnets.FirstOrDefault(s => s.From <= from && to <= s.To).Name });

        return rows;
    }

    private static AddressRow Best(List<AddressClaim> claims, DateTime from, DateTime to)
    {
        AddressClaim? best = null;
        foreach (var claim in claims)
            if (claim.From <= from && to <= claim.To && (best is null || Compare(claim, best) < 0))
                best = claim;

        // Tags overlap by design, and subnets nest; of everything else an address has one owner.
        var alone = best!.Rank is ClaimRank.ServiceTag or ClaimRank.Network
            || claims.TrueForAll(c => c.Rank != best.Rank || c.Weight != best.Weight || c.From > from || to > c.To || c.Facts == best.Facts);
        return new AddressRow(from, to, best.Facts) { Certain = alone && best.Certain };
    }

    /// <summary>Negative when <paramref name="a"/> wins.</summary>
    private static int Compare(AddressClaim a, AddressClaim b)
    {
        if (a.Rank != b.Rank || a.Weight != b.Weight)
            return (a.Rank, -a.Weight).CompareTo((b.Rank, -b.Weight));

        var order = (Specific(b), b.Certain, b.From).CompareTo((Specific(a), a.Certain, a.From));
        return order != 0 ? order : string.CompareOrdinal(a.Facts.Name, b.Facts.Name);
    }

    /// <summary>Of the tags around an address the one that names a service and a region says most; AzureCloud says least.</summary>
    private static int Specific(AddressClaim claim)
    {
        if (claim.Rank == ClaimRank.Network)
            return claim.Facts.Kind == AddressKinds.Vnet ? 1 : 0;

        var name = claim.Rank == ClaimRank.ServiceTag ? claim.Facts.Name! : "";
        return (name.StartsWith("AzureCloud", StringComparison.OrdinalIgnoreCase) ? 0 : 2) + (name.Contains('.', StringComparison.Ordinal) ? 1 : 0);
    }

    private static void Append(List<AddressRow> rows, AddressRow row)
    {
        if (rows.Count > 0 && rows[^1] with { From = row.From, To = row.To } == row)
            rows[^1] = rows[^1] with { To = row.To };
        else
            rows.Add(row);
    }

    /// <summary>A private address that nothing knows is called on-premises, as a guess; everything else is the internet.</summary>
    private static AddressClaim LastResort(IpAddressKey address)
    {
        var isPrivate = Private.Any(p => p.Contains(address));
        return new AddressClaim(
            ClaimRank.LastResort, new AddressFacts(isPrivate ? AddressKinds.OnPremises : AddressKinds.Public, null),
            InventorySchema.BeginningOfTime, InventorySchema.EndOfTime)
        { Certain = !isPrivate };
    }

    private static string PlatformName(IpAddressKey address) => address.ToString() switch
    {
        "168.63.129.16" => "azure-platform",
        "169.254.169.254" => "instance-metadata",
        _ => "link-local",
    };

    private static IpPrefix[] Parse(params string[] texts) =>
        [.. texts.Select(t => IpPrefix.TryParse(t, out var prefix) ? prefix : throw new FormatException($"{t} is not a prefix."))];
}
