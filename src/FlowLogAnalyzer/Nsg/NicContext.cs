namespace FlowLogAnalyzer.Nsg;

/// <summary>All that decides about the traffic of one NIC at one time.</summary>
public sealed record NicContext
{
    /// <summary>For messages: the name of the NIC or node.</summary>
    public string Name { get; init; } = "";

    /// <summary>For messages: the name of the subnet.</summary>
    public string Subnet { get; init; } = "";

    /// <summary>Null: the subnet has no NSG, which allows everything at that level.</summary>
    public NetworkSecurityGroup? SubnetNsg { get; init; }

    /// <summary>Null: the NIC has no NSG, which allows everything at that level.</summary>
    public NetworkSecurityGroup? NicNsg { get; init; }

    public IReadOnlyList<SecurityAdminRule> AdminRules { get; init; } = [];

    /// <summary>What tags and application security groups stand for here.</summary>
    public AddressSources Addresses { get; init; } = AddressSources.Nothing;
}
