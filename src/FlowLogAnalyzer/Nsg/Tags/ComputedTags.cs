namespace FlowLogAnalyzer.Nsg.Tags;

/// <summary>The tags that the network itself defines (Azure docs, service-tags-overview and what-is-ip-address-168-63-129-16).</summary>
internal static class ComputedTags
{
    public const string PlatformAddress = "168.63.129.16";
    public const string MetadataAddress = "169.254.169.254";

    /// <summary>Source of IPv6 health probes (Azure docs, load-balancer-ipv6-overview).</summary>
    public const string ProbeAddressIPv6 = "fe80::1234:5678:9abc";

    /// <summary>Space that is not public: an effective-rules dump lists Internet as the complement of these.</summary>
    private static readonly AddressSet NotPublic = AddressSet.Parse(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        "::/8", "2001:db8::/32", "fc00::/7", "fe80::/10", "ff00::/8");

    public static TagExpansion? Expand(string canonicalName, VirtualNetworkFacts? network) => canonicalName switch
    {
        ServiceTagNames.VirtualNetwork => network is null ? null : VirtualNetwork(network),
        ServiceTagNames.Internet => network is null ? null : Internet(VirtualNetwork(network)),
        ServiceTagNames.AzureLoadBalancer => Fixed(canonicalName, "sources of Azure health probes", PlatformAddress, ProbeAddressIPv6),
        ServiceTagNames.AzurePlatformDns => Fixed(canonicalName, "the platform's DNS server", PlatformAddress),
        ServiceTagNames.AzurePlatformImds => Fixed(canonicalName, "the instance metadata service", MetadataAddress),
        ServiceTagNames.AzurePlatformLkm => LicenceService(),
        _ => null,
    };

    /// <summary>The tag's content is not published; these are the published addresses of the service (Microsoft docs, custom-routes-enable-kms-activation).</summary>
    private static TagExpansion LicenceService()
    {
        var parts = new List<TagPart>();
        Add(parts, ["20.118.99.224/32", "40.83.235.53/32", "23.102.135.246/32"], "licence activation service", assumed: true);
        return new TagExpansion(ServiceTagNames.AzurePlatformLkm, TagOrigin.Computed, "licence activation service (assumed)", parts);
    }

    private static TagExpansion VirtualNetwork(VirtualNetworkFacts network)
    {
        var parts = new List<TagPart>();
        Add(parts, network.AddressSpace, "virtual network address space");
        Add(parts, network.Peered, "peered virtual network");
        Add(parts, network.OnPremises, "behind a gateway");
        foreach (var route in network.Routes)
        {
            // The documentation says "address prefixes used on user-defined routes" without naming a next hop; it is only
            // seen in practice for hops inside the private network, so other hops are flagged.
            var leavesNetwork = route.NextHopType is "Internet" or "None";
            Add(parts, [route.Prefix], $"user-defined route, next hop {route.NextHopType}", leavesNetwork);
        }

        Add(parts, network.OverlayPodCidrs, "pod CIDR of CNI Overlay", assumed: true);
        Add(parts, [PlatformAddress], "virtual address of the host");
        return new TagExpansion(ServiceTagNames.VirtualNetwork, TagOrigin.Computed, Describe(parts), parts);
    }

    private static TagExpansion Internet(TagExpansion virtualNetwork)
    {
        // With a default route to an appliance VirtualNetwork is everything and nothing is left of Internet.
        var left = AddressSet.All.Except(NotPublic).Except(virtualNetwork.Addresses);
        var parts = left.Ranges.Select(r => new TagPart(r, "public space outside VirtualNetwork", Assumed: false)).ToList();
        return new TagExpansion(ServiceTagNames.Internet, TagOrigin.Computed, "public address space outside VirtualNetwork", parts);
    }

    private static TagExpansion Fixed(string name, string why, params IReadOnlyList<string> prefixes)
    {
        var parts = new List<TagPart>();
        Add(parts, prefixes, why);
        return new TagExpansion(name, TagOrigin.Computed, why, parts);
    }

    private static void Add(List<TagPart> parts, IEnumerable<string> prefixes, string why, bool assumed = false)
    {
        foreach (var prefix in prefixes)
        {
            if (!AddressRange.TryParse(prefix, out var range))
                throw new ArgumentException($"'{prefix}' ({why}) is not an address prefix; expected something like 10.0.0.0/16.", nameof(prefixes));
            parts.Add(new TagPart(range, why, assumed));
        }
    }

    private static string Describe(List<TagPart> parts) =>
        string.Join("; ", parts.GroupBy(p => (p.Why, p.Assumed)).Select(g => $"{g.Key.Why}{(g.Key.Assumed ? " (assumed)" : "")}: {string.Join(", ", g.Select(p => p.Range))}"));
}
