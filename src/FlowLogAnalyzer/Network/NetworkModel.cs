using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Timeline;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Network;

/// <summary>
/// What decided about flows, and when: the NSGs, subnets, routes and NICs of an inventory, cut into epochs in which nothing
/// of it changed. Use:
/// <code>
/// var model = new NetworkModel(inventory);
/// var state = model.At(time);                          // the rules and NICs at that time
/// var nic = state.NicByMac("000D3A2A1000");            // or state.NicByAddress(ip)
/// var decision = state.Decide(nic, flow);              // subnet NSG, NIC NSG, admin rules
/// var changed = state.With([proposedNsg]);             // the same place with other rules
/// </code>
/// Not safe for concurrent use.
/// </summary>
public sealed class NetworkModel
{
    private readonly Dictionary<int, NetworkState> _states = [];
    private readonly IReadOnlyList<NetworkSecurityGroup> _proposed;
    private readonly NetworkModelOptions _options;

    public NetworkModel(ClusterInventory inventory, NetworkModelOptions? options = null)
        : this(inventory, options ?? new NetworkModelOptions(), [])
    {
    }

    private NetworkModel(ClusterInventory inventory, NetworkModelOptions options, IReadOnlyList<NetworkSecurityGroup> proposed)
    {
        (Inventory, _options, _proposed) = (inventory, options, proposed);
        Boundaries = FindBoundaries(inventory.History);
        var exported = ExportedRules.Of(inventory.History, DateTime.MinValue, DateTime.MaxValue);
        HasAdminRules = options.AdminRules.Count + exported.AdminRules.Count > 0;
        HasRules = inventory.NetworkSecurityGroups.Count + options.Effective.Count + exported.Effective.Count > 0;
        UsesSourcePorts = inventory.NetworkSecurityGroups.Select(v => v.Nsg).Concat(proposed).SelectMany(n => n.Rules.AsEnumerable<ITrafficRule>())
            .Concat(options.AdminRules).Concat(exported.AdminRules).Concat(options.Effective.Concat(exported.Effective).SelectMany(e => e.Nsg.Rules)).Any(NamesSourcePorts);
    }

    public ClusterInventory Inventory { get; }

    /// <summary>The times, ascending and UTC, at which a new epoch begins; the first epoch began before all of them.</summary>
    public IReadOnlyList<DateTime> Boundaries { get; }

    /// <summary>True when some rule names particular source ports, so that flows have to be told apart by them.</summary>
    public bool UsesSourcePorts { get; }

    /// <summary>True when there are rules to replay.</summary>
    public bool HasRules { get; }

    /// <summary>True when the security admin rules are known.</summary>
    public bool HasAdminRules { get; }

    /// <summary>The number of the epoch that a time lies in, from 0.</summary>
    public int EpochOf(DateTime time)
    {
        var epoch = 0;
        while (epoch < Boundaries.Count && Boundaries[epoch] <= time)
            epoch++;
        return epoch;
    }

    /// <summary>What stands for now where nothing was recorded: the last snapshot, else the last change that is known.</summary>
    internal DateTime Latest(LakeDatabase database) => database.Options.Snapshots is [.., var last] ? last : Boundaries.Count > 0 ? Boundaries[^1] : DateTime.UnixEpoch;

    public NetworkState At(DateTime time) => Epoch(EpochOf(time));

    /// <summary>What held in an epoch; the last one holds until now.</summary>
    public NetworkState Epoch(int number)
    {
        if (!_states.TryGetValue(number, out var state))
        {
            var from = number == 0 ? InventorySchema.BeginningOfTime : Boundaries[number - 1];
            var to = number < Boundaries.Count ? Boundaries[number] : InventorySchema.EndOfTime;
            var facts = new NetworkFacts(Inventory, _options, from, to);
            state = new NetworkState(facts, new NsgBook(Living(from, to), facts.Effective.Select(e => e.Nsg)));
            _states[number] = state = _proposed.Count > 0 ? state.With(_proposed) : state;
        }

        return state;
    }

    /// <summary>The same network with other rules: each NSG takes the place of the one with its id, else its name, at all times.</summary>
    public NetworkModel With(IReadOnlyList<NetworkSecurityGroup> proposed) => new(Inventory, _options, proposed);

    private IEnumerable<NetworkSecurityGroup> Living(DateTime from, DateTime to) =>
        Inventory.NetworkSecurityGroups.Where(v => v.From < to && from < v.To).Select(v => v.Nsg);

    private static List<DateTime> FindBoundaries(InventoryHistory history)
    {
        var times = new SortedSet<DateTime>();
        Add(times, history.Nsgs);
        Add(times, history.Subnets);
        Add(times, history.RouteTables);
        Add(times, history.Vnets);
        Add(times, history.Clusters);
        Add(times, history.AdminRules);
        Add(times, history.EffectiveNsgs);
        foreach (var nic in history.Nics.GroupBy(n => n.Entity.Id).Where(g => g.DistinctBy(n => Place(n.Entity)).Skip(1).Any()))
            Add(times, [.. nic]);
        times.Remove(InventorySchema.BeginningOfTime);
        times.Remove(InventorySchema.EndOfTime);
        return [.. times];
    }

    private static (string?, string?) Place(NicEntity nic) => (nic.NsgId, nic.Ips.Count > 0 ? nic.Ips[0].SubnetId : null);

    private static void Add<T>(SortedSet<DateTime> times, IReadOnlyList<Valid<T>> versions)
        where T : InventoryEntity
    {
        foreach (var version in versions)
            times.UnionWith([version.From, version.To]);
    }

    private static bool NamesSourcePorts(ITrafficRule rule) =>
        rule.Protocol is RuleProtocol.Any or RuleProtocol.Tcp or RuleProtocol.Udp or RuleProtocol.Unresolved
        && !rule.Source.Ports.Any(p => PortRange.TryParse(p, out var range) && range == PortRange.All);
}
