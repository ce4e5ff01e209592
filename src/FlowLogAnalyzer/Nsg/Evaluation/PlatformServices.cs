using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>
/// Services of the host that a NIC always reaches unless a rule names an AzurePlatform tag (Azure docs,
/// network-security-groups-overview, "Azure platform considerations", and what-is-ip-address-168-63-129-16).
/// Inbound health probes from the same address are not exempt.
/// </summary>
public static class PlatformServices
{
    private const uint Host = 0xA83F8110; // 168.63.129.16
    private const uint Metadata = 0xA9FEA9FE; // 169.254.169.254

    public static bool IsExempt(in FlowKey flow) =>
        flow.Direction == Direction.Outbound && !flow.Destination.IsIPv6 && flow.Destination.V4 switch
        {
            Metadata => true,
            Host => flow.DestinationPort switch
            {
                53 => flow.Protocol is IpProtocols.Udp or IpProtocols.Tcp,
                80 or 443 or 32526 => flow.Protocol == IpProtocols.Tcp,
                _ => false,
            },
            _ => false,
        };

    /// <summary>Of the exempt services the tags reach DNS and metadata, never the wire server.</summary>
    internal static bool IsUnderTags(in FlowKey flow) => flow.Destination.V4 == Metadata || flow.DestinationPort == 53;
}
