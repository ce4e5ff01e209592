namespace FlowLogAnalyzer.Nsg.Tags;

/// <summary>A user-defined route; <paramref name="NextHopType"/> as ARM spells it (VirtualAppliance, VnetLocal, Internet, None, VirtualNetworkGateway).</summary>
public readonly record struct UserRoute(string Prefix, string NextHopType);

/// <summary>
/// What the tag VirtualNetwork is made of on one subnet: it differs between subnets, because the routes of the subnet's
/// route table belong to it. All lists hold prefixes of either family.
/// </summary>
public sealed record VirtualNetworkFacts
{
    /// <summary>The address space of the virtual network, not only of the subnet.</summary>
    public IReadOnlyList<string> AddressSpace { get; init; } = [];

    /// <summary>Address spaces of peered virtual networks.</summary>
    public IReadOnlyList<string> Peered { get; init; } = [];

    /// <summary>Prefixes behind a gateway: local network gateways, BGP-learned ones, networks connected to a gateway.</summary>
    public IReadOnlyList<string> OnPremises { get; init; } = [];

    /// <summary>Routes of the route table of this subnet. A kubenet cluster has one per node's pod CIDR here.</summary>
    public IReadOnlyList<UserRoute> Routes { get; init; } = [];

    /// <summary>Pod CIDRs of CNI Overlay: treated as members, but nothing written confirms it, so they are flagged.</summary>
    public IReadOnlyList<string> OverlayPodCidrs { get; init; } = [];
}
