using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Nsg.Space;

namespace FlowLogAnalyzer.Reach;

/// <summary>What the rules leave open between two places.</summary>
internal sealed record Opening(PortSet Tcp, PortSet Udp)
{
    public static Opening None { get; } = new(PortSet.Of([]), PortSet.Of([]));

    public static Opening All { get; } = new(PortSet.All, PortSet.All);

    /// <summary>Ports that cannot be decided, because a name in a rule is not known.</summary>
    public bool HasUndecided { get; init; }

    /// <summary>The first priority at the sender's and at the receiver's subnet NSG that let something through; null when there is none.</summary>
    public int? PriorityOut { get; init; }

    public int? PriorityIn { get; init; }

    public bool IsEmpty => Tcp.IsEmpty && Udp.IsEmpty;

    public bool Holds(ReachService service) => (service.Protocol == IpProtocols.Udp ? Udp : Tcp).Contains(service.Port);

    public Opening Or(Opening other) => new(Union(Tcp, other.Tcp), Union(Udp, other.Udp))
    {
        HasUndecided = HasUndecided || other.HasUndecided,
        PriorityOut = Least(PriorityOut, other.PriorityOut),
        PriorityIn = Least(PriorityIn, other.PriorityIn),
    };

    private static PortSet Union(PortSet one, PortSet other) => PortSet.Of(one.Ranges.Concat(other.Ranges));

    private static int? Least(int? one, int? other) => one is null || other < one ? other ?? one : one;
}

/// <summary>
/// Asks the rules about every port between two places, at the sender's NIC and at the receiver's. Places that no rule tells apart
/// are asked about once, so that a cluster of hundreds of nodes takes as long as one of a few.
/// </summary>
internal sealed class Reachability
{
    private readonly NetworkState _state;
    private readonly RuleDistinctions _distinctions;
    private readonly Dictionary<IpAddressKey, string> _kinds = [];
    private readonly Dictionary<(NsgEvaluator?, string, NsgEvaluator?, string), Opening> _openings = [];

    public Reachability(NetworkState state)
    {
        _state = state;
        _distinctions = RuleDistinctions.Of(state.Nics.Select(state.EvaluatorOf).Distinct());
    }

    /// <summary>From any of these addresses to the place.</summary>
    public Opening From(IEnumerable<Identity> identities, ReachTarget target) =>
        identities.Aggregate(Opening.None, (sum, identity) => sum.Or(From(identity, target)));

    /// <summary>Places whose answers are the same as those of others have the same key.</summary>
    public object KeyOf(IEnumerable<Identity> identities) =>
        string.Join(';', identities.Select(i => $"{i.Nic?.SubnetId} {i.Nic?.NicNsg} {Kind(i.Address)} {i.Scope}").Distinct().Order(StringComparer.Ordinal));

    private Opening From(Identity identity, ReachTarget target) => target.Nics.Count == 0
        ? Between(identity, null, target.Address)
        : target.Nics.Aggregate(Opening.None, (sum, nic) => sum.Or(nic.Mac == identity.Nic?.Mac ? Opening.All : Between(identity, nic, target.Address)));

    private Opening Between(Identity identity, NicPlace? to, IpAddressKey destination)
    {
        var (sender, receiver) = (identity.Nic is { } from ? _state.EvaluatorOf(from) : null, to is null ? null : _state.EvaluatorOf(to));
        var key = (sender, Kind(identity.Address), receiver, Kind(destination));
        if (!_openings.TryGetValue(key, out var opening))
            _openings[key] = opening = Ask(sender, receiver, identity.Address, destination);
        return opening;
    }

    private Opening Ask(NsgEvaluator? sender, NsgEvaluator? receiver, IpAddressKey source, IpAddressKey destination)
    {
        var (tcp, udp) = (new List<PortRange>(), new List<PortRange>());
        var found = Opening.None;
        foreach (var protocol in new[] { IpProtocols.Tcp, IpProtocols.Udp })
        {
            foreach (var (ports, sourcePorts) in _distinctions.Ports.SelectMany(p => _distinctions.SourcePorts.Select(s => (p, s))))
            {
                var flow = new FlowKey(Direction.Outbound, protocol, source, sourcePorts.Last, destination, ports.First);
                var (leaves, arrives) = (sender?.Decide(flow), receiver?.Decide(flow with { Direction = Direction.Inbound }));
                if (IsDenied(leaves) || IsDenied(arrives))
                    continue;

                var isOpen = leaves is null or { Decision: Decision.Allow } && arrives is null or { Decision: Decision.Allow };
                if (isOpen)
                    (protocol == IpProtocols.Tcp ? tcp : udp).Add(ports);
                found = found.Or(new Opening(Opening.None.Tcp, Opening.None.Udp) { HasUndecided = !isOpen, PriorityOut = leaves?.Subnet.Rule?.Priority, PriorityIn = arrives?.Subnet.Rule?.Priority });
            }
        }

        return found with { Tcp = PortSet.Of(tcp), Udp = PortSet.Of(udp) };
    }

    private static bool IsDenied(NsgDecision? decision) => decision is { Decision: Decision.Deny };

    private string Kind(IpAddressKey address)
    {
        if (!_kinds.TryGetValue(address, out var kind))
            _kinds[address] = kind = _distinctions.KindOf(address);
        return kind;
    }
}
