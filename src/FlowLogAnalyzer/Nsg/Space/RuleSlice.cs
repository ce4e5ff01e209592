using FlowLogAnalyzer.Nsg.Evaluation;

namespace FlowLogAnalyzer.Nsg.Space;

/// <summary>Protocols as a set; the last stands for every protocol that rules cannot name.</summary>
[Flags]
public enum ProtocolSet : byte
{
    None = 0,
    Tcp = 1,
    Udp = 2,
    Icmp = 4,
    Esp = 8,
    Ah = 16,
    Other = 32,
    WithPorts = Tcp | Udp,
    All = Tcp | Udp | Icmp | Esp | Ah | Other,
}

/// <summary>
/// A box of flows: every combination of its parts, in one address family. Rules are unions of boxes, and a box minus a box is
/// at most five boxes, so whether earlier rules leave anything of a later one is exact.
/// </summary>
public sealed record RuleSlice(ProtocolSet Protocols, AddressSet Source, PortSet SourcePorts, AddressSet Destination, PortSet DestinationPorts)
{
    public bool IsEmpty =>
        Protocols == ProtocolSet.None || Source.IsEmpty || SourcePorts.IsEmpty || Destination.IsEmpty || DestinationPorts.IsEmpty;

    /// <summary>What is left of this box outside the other, as boxes that do not overlap.</summary>
    public IEnumerable<RuleSlice> Except(RuleSlice other)
    {
        if (!Overlaps(other))
            return [this];

        var common = Common(other);
        RuleSlice[] left =
        [
            this with { Protocols = Protocols & ~other.Protocols },
            this with { Protocols = common.Protocols, Source = Source.Except(other.Source) },
            this with { Protocols = common.Protocols, Source = common.Source, Destination = Destination.Except(other.Destination) },
            common with { SourcePorts = SourcePorts.Except(other.SourcePorts), DestinationPorts = DestinationPorts },
            common with { DestinationPorts = DestinationPorts.Except(other.DestinationPorts) },
        ];
        return left.Where(s => !s.IsEmpty);
    }

    public bool Overlaps(RuleSlice other) => !Common(other).IsEmpty;

    public override string ToString() => $"{Protocols} {Source}:{SourcePorts} -> {Destination}:{DestinationPorts}";

    /// <summary>The boxes of a rule as one scope resolves it; names that nothing explains add nothing.</summary>
    internal static IEnumerable<RuleSlice> Of(ResolvedRule rule)
    {
        var protocols = SetOf(rule.Rule.Protocol);
        var sourcePorts = PortSet.Of(rule.SourcePorts.Ranges);
        var destinationPorts = PortSet.Of(rule.DestinationPorts.Ranges);
        if (!rule.HasPlace)
            return [];

        // Particular ports say nothing about protocols that have none.
        if (!rule.IgnoresPorts && !(sourcePorts.IsAll && destinationPorts.IsAll))
            protocols &= ProtocolSet.WithPorts | ProtocolSet.Other;
        if (rule.IgnoresPorts)
            (sourcePorts, destinationPorts) = (PortSet.All, PortSet.All);

        var sources = Families(rule.Source.Certain);
        var destinations = Families(rule.Destination.Certain);
        return new[]
        {
            new RuleSlice(protocols, sources.IPv4, sourcePorts, destinations.IPv4, destinationPorts),
            new RuleSlice(protocols, sources.IPv6, sourcePorts, destinations.IPv6, destinationPorts),
        }.Where(s => !s.IsEmpty);
    }

    private RuleSlice Common(RuleSlice other) => new(
        Protocols & other.Protocols,
        Source.Intersect(other.Source),
        SourcePorts.Intersect(other.SourcePorts),
        Destination.Intersect(other.Destination),
        DestinationPorts.Intersect(other.DestinationPorts));

    private static (AddressSet IPv4, AddressSet IPv6) Families(AddressSet set) =>
        (AddressSet.Of(set.Ranges.Where(r => !r.IsIPv6)), AddressSet.Of(set.Ranges.Where(r => r.IsIPv6)));

    private static ProtocolSet SetOf(RuleProtocol protocol) => protocol switch
    {
        RuleProtocol.Any => ProtocolSet.All,
        RuleProtocol.Tcp => ProtocolSet.Tcp,
        RuleProtocol.Udp => ProtocolSet.Udp,
        RuleProtocol.Icmp => ProtocolSet.Icmp,
        RuleProtocol.Esp => ProtocolSet.Esp,
        RuleProtocol.Ah => ProtocolSet.Ah,
        _ => ProtocolSet.None,
    };
}
