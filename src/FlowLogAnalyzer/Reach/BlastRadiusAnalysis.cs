using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Reach;

/// <summary>
/// <c>flowlog blast-radius</c>: asks the rules what a suspect could reach, the log what of that it used, and replays the rules that
/// would cut it off over what was recorded.
/// </summary>
public sealed class BlastRadiusAnalysis
{
    private readonly ReachContext _context;
    private readonly SuspectFinder _suspects;
    private readonly ReachTargets _places;

    /// <param name="database">The lake: what was used.</param>
    /// <param name="model">The network and its rules.</param>
    /// <param name="at">The rules of this time, UTC; null = the newest ones.</param>
    public BlastRadiusAnalysis(LakeDatabase database, NetworkModel model, DateTime? at = null)
    {
        _context = new ReachContext(database, model, at ?? Newest(database, model));
        _suspects = new SuspectFinder(_context);
        _places = new ReachTargets(_context);
    }

    /// <summary>Of an address, or of a node, machine, pod, workload, role or pool by its name; null when nothing is called so.</summary>
    public BlastRadius? Of(string suspect) => _suspects.Find(suspect) is { } found ? Of(found) : null;

    /// <summary>Of several at once, such as the sources of a finding; null when none of them is known.</summary>
    public BlastRadius? Of(IReadOnlyList<string> suspects)
    {
        var found = suspects.Select(_suspects.Find).OfType<Suspect>().ToList();
        return found.Count == 0 ? null
            : Of(new Suspect(string.Join(" and ", found.Select(f => f.Name)), [.. found.SelectMany(f => f.Identities).Distinct()]));
    }

    private BlastRadius Of(Suspect suspect)
    {
        var places = _places.All(suspect.IsInside).Where(p => suspect.Towards(p).Any()).ToList();
        var reachability = new Reachability(_context.State);
        var reached = places.Select(p => new Reached(p, reachability.From(suspect.Towards(p), p))).Where(r => !r.Opening.IsEmpty).ToList();
        var used = Used(suspect);
        return new BlastRadius
        {
            Suspect = suspect.Name,
            Sources = suspect.Addresses,
            At = _context.At,
            Reached = [.. reached.GroupBy(r => (r.Place.Group, r.Opening.Tcp.ToString(), r.Opening.Udp.ToString())).Select(g => Group([.. g], used))
                .OrderByDescending(g => g.Reachable).ThenBy(g => g.Group, StringComparer.Ordinal).ThenBy(g => g.Tcp, StringComparer.Ordinal)],
            HostsReached = reached.Count(r => r.Place.Kind != AddressKinds.Public),
            Hosts = places.Count(p => p.Kind != AddressKinds.Public),
            NextHops = NextHops.Of(reached, places, reachability, _suspects),
            Containments = [.. new ContainmentPlanner(_context, suspect, reached).Plan()],
            Limits = [.. Limits(suspect, reached)],
        };
    }

    private static ReachedGroup Group(List<Reached> hosts, IReadOnlyDictionary<(string, byte, int), long> used)
    {
        var services = hosts.SelectMany(h => h.Services.Select(s => (h.Place, Service: s))).ToList();
        return new ReachedGroup
        {
            Group = hosts[0].Place.Group,
            Hosts = [.. hosts.Select(h => h.Place.Name).Distinct().Order(StringComparer.Ordinal)],
            Tcp = hosts[0].Opening.Tcp.ToString(),
            Udp = hosts[0].Opening.Udp.ToString(),
            Services = [.. services.Select(s => Text(s.Service)).Distinct().Order(StringComparer.Ordinal)],
            Reachable = services.Count,
            NeverUsed = services.Count(s => !IsUsed(s.Place, s.Service, used)),
            Connections = hosts.Select(h => h.Place.Address.ToString()).Distinct().Sum(ip => used.Where(u => u.Key.Item1 == ip).Sum(u => u.Value)),
        };
    }

    internal static string Text(ReachService service) => $"{service.Port}/{Nsg.IpProtocols.Name(service.Protocol)} {service.Name}";

    /// <summary>The internet is one place, and whatever public address was called, it was used.</summary>
    private static bool IsUsed(ReachTarget place, ReachService service, IReadOnlyDictionary<(string, byte, int), long> used) =>
        used.ContainsKey((place.Kind == AddressKinds.Public ? AddressKinds.Public : place.Address.ToString(), service.Protocol, service.Port));

    private Dictionary<(string Ip, byte Protocol, int Port), long> Used(Suspect suspect)
    {
        using var rows = _context.Database.Read($"""
            select case when dst_kind = 'public' then 'public' else dst_ip end as place, protocol::integer, dst_port::integer,
              greatest(count(*) filter (where direction = 'Inbound'), count(*) filter (where direction = 'Outbound')) as connections
            from new_flows
            where decision = 'Allow' and dst_port is not null and src_ip in {SqlText.Value(suspect.Addresses)}
              and (src_ip, dst_ip, dst_port, protocol) not in (select (src_ip, dst_ip, dst_port, protocol) from new_flows where decision = 'Deny' and direction = 'Inbound')
            group by all
            """, null);
        return rows.Read().ToDictionary(r => ((string)r[0]!, (byte)(long)r[1]!, (int)(long)r[2]!), r => (long)r[3]!);
    }

    private IEnumerable<string> Limits(Suspect suspect, List<Reached> reached)
    {
        yield return "Open by the rules is not the same as answered: what listens is known from the inventory, from what the log shows in use, and by custom (SSH, the kubelet). A NetworkPolicy or a firewall on the host may refuse what these rules let through.";
        if (suspect.Identities.Any(i => i.Nic is null))
            yield return "The suspect has no NIC in the inventory, so only the rules at the receiving side were asked.";
        if (suspect.IsInside)
            yield return "Traffic within one node meets no NSG. Whoever owns a node whose NIC forwards packets can also send from addresses that are not its own, which no rule for its addresses stops.";
        if (reached.Exists(r => r.Opening.HasUndecided))
            yield return "Some rules name tags or groups whose members are not known: what only they decide counts as closed here.";
        if (_context.At < _context.Model.Inventory.NetworkSecurityGroups.Select(n => n.From).DefaultIfEmpty().Max())
            yield return "There are newer rules than those that were asked.";
    }

    /// <summary>The newest rules, and the network as it was last seen.</summary>
    private static DateTime Newest(LakeDatabase database, NetworkModel model)
    {
        using var rows = database.Read("select max(time) from lake_tuples", null);
        var last = rows.Read().Single()[0] as DateTime? ?? DateTime.UnixEpoch;
        return model.Boundaries.Append(last).Max();
    }
}

/// <summary>What everything about a suspect is asked of: the log, the network, and its rules at one time, UTC.</summary>
internal sealed record ReachContext(LakeDatabase Database, NetworkModel Model, DateTime At)
{
    public NetworkState State { get; } = Model.At(At);

    public ClusterInventory Inventory => Model.Inventory;
}

/// <summary>A place with what is open there.</summary>
internal sealed record Reached(ReachTarget Place, Opening Opening)
{
    public IEnumerable<ReachService> Services => Place.Services.Where(Opening.Holds);
}
