using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Nsg;

/// <summary>
/// What an NSG looks at, as the NIC sees it. <paramref name="Protocol"/> is the IANA number (6 TCP, 17 UDP, 1 ICMP).
/// With a floating IP the inbound destination is the load balancer's frontend address, without it the node's own;
/// the outbound source is always the private address (Azure docs, network-security-groups-overview).
/// Ports of protocols without ports are 0 and are not looked at.
/// </summary>
public readonly record struct FlowKey(
    Direction Direction,
    byte Protocol,
    IpAddressKey Source,
    ushort SourcePort,
    IpAddressKey Destination,
    ushort DestinationPort)
{
    /// <summary>TCP, UDP and SCTP have ports.</summary>
    public bool HasPorts => Protocol is IpProtocols.Tcp or IpProtocols.Udp or IpProtocols.Sctp;

    public override string ToString() =>
        $"{Direction.Word()} {Source}:{SourcePort} -> {Destination}:{DestinationPort} {IpProtocols.Name(Protocol)}";
}

/// <summary>IANA protocol numbers that NSG rules know.</summary>
public static class IpProtocols
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Esp = 50;
    public const byte Ah = 51;
    public const byte Sctp = 132;

    public static string Name(byte protocol) => protocol switch
    {
        Icmp => "ICMP",
        Tcp => "TCP",
        Udp => "UDP",
        Esp => "ESP",
        Ah => "AH",
        Sctp => "SCTP",
        _ => $"protocol {protocol}",
    };
}
