using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Suggest;

namespace FlowLogAnalyzer.Reach;

/// <summary>
/// Rules that cut a suspect off: one outbound Deny where its packets leave, or inbound Denies where they arrive. They name its
/// addresses only, so that nobody else loses anything, and come before the first rule that lets it through today.
/// </summary>
internal sealed class ContainmentPlanner(ReachContext context, Suspect suspect, IReadOnlyList<Reached> reached)
{
    private readonly List<string> _byHand = [];
    private readonly RecordedClients _clients = new(context.Database);

    /// <summary>None when nothing is within reach.</summary>
    public IEnumerable<Containment> Plan()
    {
        if (reached.Count == 0)
            yield break;

        if (suspect.Identities.Any(i => i.Nic is not null))
            yield return Prove("at the source", AtTheSource());
        yield return Prove("at the destinations", AtTheDestinations());
    }

    private List<(NetworkSecurityGroup Nsg, NsgRule Rule)> AtTheSource()
    {
        var priority = reached.Min(r => r.Opening.PriorityOut);
        return [.. suspect.Identities.Where(i => i.Nic is not null).GroupBy(i => i.Nic!.SubnetNsg).SelectMany(group =>
            Rule(group.Key, group.First().Nic!, Direction.Outbound, priority, new RuleSide { Prefixes = Hosts(group) }, RuleSide.Any))];
    }

    private List<(NetworkSecurityGroup Nsg, NsgRule Rule)> AtTheDestinations() =>
    [
        .. reached.SelectMany(r => r.Place.Nics.Select(nic => (r.Place, r.Opening, Nic: nic))).Where(r => suspect.Towards(r.Place).Any(i => i.Nic?.Mac != r.Nic.Mac))
            .GroupBy(r => r.Nic.SubnetNsg).OrderBy(g => g.Key, StringComparer.Ordinal).SelectMany(group => Rule(group.Key, group.First().Nic, Direction.Inbound, group.Min(r => r.Opening.PriorityIn),
                new RuleSide { Prefixes = Hosts(suspect.Identities) },
                new RuleSide { Prefixes = Destinations([.. group.Select(r => r.Place)], [.. group.Select(r => r.Nic)]) })),
    ];

    private IEnumerable<(NetworkSecurityGroup Nsg, NsgRule Rule)> Rule(string? id, NicPlace nic, Direction direction, int? before, RuleSide source, RuleSide destination)
    {
        var nsg = context.State.Nsg(id);
        var number = nsg is null ? null : FreePriority.Before(nsg, direction, before ?? FreePriority.Highest);
        if (nsg is null || nsg.IsAksManaged)
            _byHand.Add($"{nic.Subnet ?? nic.Name} has no NSG of yours{(nsg is null ? "" : $": {nsg.Name} belongs to AKS, which overwrites it")}. Associate one with the subnet, or cordon and drain the node.");
        else if (number is null)
            _byHand.Add($"{nsg.Name} has no free priority before {before}: make room by renumbering its rules.");
        else
            yield return (nsg, new NsgRule
            {
                Name = $"Contain_{suspect.Addresses[0].Replace(':', '-')}",
                Priority = number.Value,
                Direction = direction,
                Decision = Decision.Deny,
                Source = source,
                Destination = destination,
                Description = $"Cuts off {suspect.Name}. To be removed when the matter is settled.",
            });
    }

    private Containment Prove(string where, List<(NetworkSecurityGroup Nsg, NsgRule Rule)> rules)
    {
        var contained = context.State.With([.. rules.Select(r => r.Nsg.WithRule(r.Rule))]);
        var reachability = new Reachability(contained);
        var left = reached.Where(r => !IsOnTheSameNode(r.Place)).Select(r => r with { Opening = reachability.From(suspect.Towards(r.Place), r.Place) }).Where(r => !r.Opening.IsEmpty).ToList();
        var byHand = _byHand.Distinct().ToList();
        _byHand.Clear();
        return new Containment
        {
            Where = where,
            Rules = [.. rules.Select(r => RuleSuggestion.For(r.Nsg, r.Rule))],
            ByHand = byHand,
            StillReachable = left.Sum(r => r.Services.Count()),
            StillOpen = [.. left.Select(r => r.Place.Group).Distinct().Order(StringComparer.Ordinal)],
            Collateral = new Collateral(context, contained).Of(suspect.Addresses),
            Effects = [.. Effects(contained)],
        };
    }

    private bool IsOnTheSameNode(ReachTarget place) => place.Nic is { } nic && suspect.Towards(place).All(i => i.Nic?.Mac == nic.Mac);

    private IEnumerable<string> Effects(NetworkState contained) => ServicePath.All(context.Model.Inventory, context.At).SelectMany(path =>
        ShareText.Changes(ServiceHealth.Of(path, context.State, _clients.Of(path)), ServiceHealth.Of(path, contained, _clients.Of(path))));

    /// <summary>Pod ranges where pods have their own, subnets where they do not, else the addresses.</summary>
    private EquatableList<string> Destinations(IReadOnlyList<ReachTarget> places, IReadOnlyList<NicPlace> nics)
    {
        var pods = places.Where(p => p.Kind is AddressKinds.Pod or AddressKinds.Frontend).Select(p => p.Address).ToList();
        var ranges = context.State.PodCidrs.Where(c => AddressRange.TryParse(c, out var range) && pods.Exists(range.Contains));
        var subnets = nics.SelectMany(n => n.SubnetPrefixes);
        var frontends = places.Where(p => p.Kind == AddressKinds.Frontend).Select(p => Host(p.Address));
        return ranges.Concat(subnets).Concat(frontends).DefaultIfEmpty("*").Distinct().Order(StringComparer.Ordinal).ToEquatableList();
    }

    private static EquatableList<string> Hosts(IEnumerable<Identity> identities) =>
        identities.Select(i => i.Address).Distinct().OrderBy(a => a.Bits).Select(Host).ToEquatableList();

    private static string Host(IpAddressKey address) => $"{address}/{(address.IsIPv6 ? 128 : 32)}";
}
