namespace FlowLogAnalyzer.Network;

/// <summary>A NIC and what stands before it: where flows are decided.</summary>
public sealed record NicPlace
{
    /// <summary>12 upper-case hex digits; empty for a place that is only known by its subnet.</summary>
    public required string Mac { get; init; }

    /// <summary>The node, else the VM or the NIC.</summary>
    public required string Name { get; init; }

    /// <summary>Null when the NIC is not a node's.</summary>
    public string? Node { get; init; }

    public string? Pool { get; init; }

    /// <summary>system, ingress, user or unknown; null when the NIC is not a node's.</summary>
    public string? Role { get; init; }

    /// <summary>The primary address.</summary>
    public string? Ip { get; init; }

    /// <summary>ARM id in lower case.</summary>
    public string? SubnetId { get; init; }

    public string? Subnet { get; init; }

    public IReadOnlyList<string> SubnetPrefixes { get; init; } = [];

    /// <summary>ARM id in lower case; null when the subnet has no NSG.</summary>
    public string? SubnetNsg { get; init; }

    /// <summary>ARM id in lower case; null when the NIC has no NSG of its own.</summary>
    public string? NicNsg { get; init; }

    /// <summary>ARM id of the NIC in lower case.</summary>
    public string NicId { get; init; } = "";
}
