using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;
using FlowLogAnalyzer.Inventory.Tables;

namespace FlowLogAnalyzer.Inventory.Timeline;

/// <summary>
/// The topology between two changes: whatever lived at some time of [<see cref="From"/>, <see cref="To"/>). What is
/// derived from several entities holds while all of them live: see <see cref="Clip"/>.
/// </summary>
internal sealed class Moment
{
    private readonly ILookup<string, NodeFacts> _nodesByIp;
    private readonly ILookup<string, NodeFacts> _nodesByName;
    private readonly ILookup<string, NodeFacts> _nodesByVm;
    private readonly ILookup<string, Valid<NicEntity>> _nicsById;
    private readonly Dictionary<string, Valid<SubnetEntity>> _subnets;
    private readonly Dictionary<string, string> _nsgNames;
    private readonly Dictionary<string, string> _nsgBySubnet;

    public Moment(InventoryHistory history, DateTime from, DateTime to, InventoryOptions options)
    {
        (From, To, Options, History) = (from, to, options, history);
        Services = Living(history.Services);
        Slices = Living(history.Slices);
        Pods = Living(history.Pods);
        Ingresses = Living(history.Ingresses);
        IngressClasses = Living(history.IngressClasses);
        Clusters = Living(history.Clusters);
        Nics = Living(history.Nics);
        LoadBalancers = Living(history.LoadBalancers);
        PublicIps = Living(history.PublicIps);
        RouteTables = Living(history.RouteTables);
        Subnets = Living(history.Subnets);
        var nsgs = Living(history.Nsgs);
        _subnets = Subnets.GroupBy(s => s.Entity.Id).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        _nsgNames = nsgs.GroupBy(n => n.Entity.Id).ToDictionary(g => g.Key, g => g.Last().Entity.Name, StringComparer.Ordinal);
        _nsgBySubnet = Links(nsgs);
        Controllers = new IngressControllers(this);
        var roles = new NodeRoles(this);
        Nodes = [.. Living(history.Nodes).Select(roles.Describe)];
        _nodesByIp = Nodes.SelectMany(n => n.Node.Entity.Ips.Select(ip => (ip, n))).ToLookup(p => p.ip, p => p.n, StringComparer.Ordinal);
        _nodesByName = Nodes.ToLookup(n => n.Node.Entity.Name, StringComparer.OrdinalIgnoreCase);
        _nodesByVm = Nodes.Where(n => n.Node.Entity.ProviderId is not null).ToLookup(n => n.Node.Entity.ProviderId!, StringComparer.Ordinal);
        _nicsById = Nics.ToLookup(n => n.Entity.Id.Split('#')[0], StringComparer.Ordinal);
    }

    public DateTime From { get; }
    public DateTime To { get; }
    public InventoryOptions Options { get; }
    public InventoryHistory History { get; }
    public IngressControllers Controllers { get; }
    public IReadOnlyList<NodeFacts> Nodes { get; }
    public IReadOnlyList<Valid<ServiceEntity>> Services { get; }
    public IReadOnlyList<Valid<EndpointSliceEntity>> Slices { get; }
    public IReadOnlyList<Valid<PodEntity>> Pods { get; }
    public IReadOnlyList<Valid<IngressEntity>> Ingresses { get; }
    public IReadOnlyList<Valid<IngressClassEntity>> IngressClasses { get; }
    public IReadOnlyList<Valid<ClusterEntity>> Clusters { get; }
    public IReadOnlyList<Valid<NicEntity>> Nics { get; }
    public IReadOnlyList<Valid<LoadBalancerEntity>> LoadBalancers { get; }
    public IReadOnlyList<Valid<PublicIpEntity>> PublicIps { get; }
    public IReadOnlyList<Valid<RouteTableEntity>> RouteTables { get; }
    public IReadOnlyList<Valid<SubnetEntity>> Subnets { get; }

    public bool SharedProbeMode => Clusters.Any(c => string.Equals(c.Entity.ProbeMode, "Shared", StringComparison.OrdinalIgnoreCase));

    public IEnumerable<NodeFacts> NodesByIp(string ip) => _nodesByIp[ip];

    public IEnumerable<NodeFacts> NodesByName(string? name) => name is null ? [] : _nodesByName[name];

    public SubnetEntity? Subnet(string? id) => id is not null && _subnets.TryGetValue(id, out var subnet) ? subnet.Entity : null;

    /// <summary>The node a NIC belongs to: by instance, else by address.</summary>
    public IEnumerable<NodeFacts> NodesOf(NicEntity nic)
    {
        var byVm = nic.VmId is null ? [] : _nodesByVm[nic.VmId].ToList();
        return byVm.Count > 0 ? byVm : nic.Ips.SelectMany(i => _nodesByIp[i.Ip]).Distinct();
    }

    /// <summary>The nodes behind the NIC configuration of a backend pool; the scale-set instance is part of its id.</summary>
    public IEnumerable<NodeFacts> NodesOfIpConfiguration(string id)
    {
        if (ArmIds.Parent(id, "virtualmachines") is { } vm && _nodesByVm.Contains(vm))
            return _nodesByVm[vm];

        return ArmIds.Parent(id, "networkinterfaces") is { } nic ? _nicsById[nic].SelectMany(n => NodesOf(n.Entity)).Distinct() : [];
    }

    public string? NsgName(string? id) => id is null ? null : _nsgNames.GetValueOrDefault(id) ?? ArmIds.Name(id);

    public string? NsgOfSubnet(SubnetEntity? subnet) => subnet is null ? null : NsgName(subnet.NsgId ?? _nsgBySubnet.GetValueOrDefault(subnet.Id));

    public string? NsgOfNic(NicEntity nic) => NsgName(nic.NsgId);

    /// <summary>The part of this moment in which all of the entities live; empty when From is not before To.</summary>
    public (DateTime From, DateTime To) Clip(params ReadOnlySpan<IInterval> entities)
    {
        var (from, to) = (From, To);
        foreach (var entity in entities)
        {
            from = entity.From > from ? entity.From : from;
            to = entity.To < to ? entity.To : to;
        }

        return (from, to);
    }

    public static string ServiceName(ServiceEntity service) => $"{service.Namespace}/{service.Name}";

    private IReadOnlyList<Valid<T>> Living<T>(IReadOnlyList<Valid<T>> all)
        where T : InventoryEntity =>
        [.. all.Where(v => v.Overlaps(From, To)).OrderBy(v => v.Entity.Scope, StringComparer.Ordinal).ThenBy(v => v.Entity.Name, StringComparer.Ordinal).ThenBy(v => v.From)];

    private static Dictionary<string, string> Links(IReadOnlyList<Valid<NsgEntity>> nsgs) =>
        nsgs.SelectMany(n => n.Entity.SubnetIds.Select(id => (id, n.Entity.Id))).GroupBy(p => p.id).ToDictionary(g => g.Key, g => g.Last().Id, StringComparer.Ordinal);
}
