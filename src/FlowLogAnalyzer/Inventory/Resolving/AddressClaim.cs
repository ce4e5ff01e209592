namespace FlowLogAnalyzer.Inventory.Resolving;

/// <summary>The order in which claims on an address win.</summary>
internal enum ClaimRank
{
    Platform,
    Frontend,
    Node,
    Pod,
    NicSecondary,
    NodePodCidr,
    ClusterPodCidr,
    ServiceCidr,
    ApiServer,
    PrivateEndpoint,
    Infrastructure,
    Vm,
    Network,
    OnPremises,
    OwnPublicIp,
    ServiceTag,
    LastResort,
}

/// <summary>Somebody's claim on an address or prefix for a time.</summary>
internal sealed record AddressClaim(ClaimRank Rank, AddressFacts Facts, DateTime From, DateTime To)
{
    public bool Certain { get; init; } = true;

    /// <summary>Among claims of one rank the larger wins: the length of the prefix.</summary>
    public int Weight { get; init; } = 128;
}
