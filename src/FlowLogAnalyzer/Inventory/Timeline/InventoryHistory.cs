using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Timeline;

/// <summary>Every entity with its versions.</summary>
internal sealed class InventoryHistory
{
    private readonly EntityTimeline _timeline;

    public InventoryHistory(IEnumerable<InventoryDocument> documents)
    {
        _timeline = new EntityTimeline(documents);
        Services = _timeline.Build<ServiceEntity>(InventoryKinds.Service);
        Slices = _timeline.Build<EndpointSliceEntity>(InventoryKinds.EndpointSlice);
        Pods = AddressOwners.Trim(EndFinished(_timeline.Build<PodEntity>(InventoryKinds.Pod)), p => p.HostNetwork ? [] : p.Ips);
        Ingresses = _timeline.Build<IngressEntity>(InventoryKinds.Ingress);
        IngressClasses = _timeline.Build<IngressClassEntity>(InventoryKinds.IngressClass);
        Clusters = _timeline.Build<ClusterEntity>(InventoryKinds.Cluster);
        NsgOperations = NsgOperation.Of(_timeline.Events<ActivityEntity>(InventoryKinds.Activity));
        Nsgs = NsgOperation.Sharpen(_timeline.Build<NsgEntity>(InventoryKinds.Nsg), id => _timeline.Sightings(InventoryKinds.Nsg, id), NsgOperations);
        EffectiveNsgs = _timeline.Build<EffectiveNsgEntity>(InventoryKinds.EffectiveNsg);
        AdminRules = _timeline.Build<AdminRuleEntity>(InventoryKinds.AdminRule);
        Vnets = _timeline.Build<VnetEntity>(InventoryKinds.VirtualNetwork);
        Subnets = _timeline.Build<SubnetEntity>(InventoryKinds.Subnet);
        RouteTables = _timeline.Build<RouteTableEntity>(InventoryKinds.RouteTable);
        LoadBalancers = _timeline.Build<LoadBalancerEntity>(InventoryKinds.LoadBalancer);
        PublicIps = _timeline.Build<PublicIpEntity>(InventoryKinds.PublicIp);
        ScaleSets = _timeline.Build<ScaleSetEntity>(InventoryKinds.ScaleSet);
        FlowLogs = _timeline.Build<FlowLogEntity>(InventoryKinds.FlowLog);
        ServiceTags = _timeline.Build<ServiceTagEntity>(InventoryKinds.ServiceTag);
        Nics = AddressOwners.Trim(_timeline.Build<NicEntity>(InventoryKinds.Nic), n => n.Ips.Select(i => i.Ip).Append(n.Id.Split('#')[0]));
        Nodes = _timeline.Has(InventoryKinds.Node)
            ? AddressOwners.Trim(_timeline.Build<NodeEntity>(InventoryKinds.Node), n => n.Ips)
            : NodesFromNics.Build(Nics);
    }

    public IReadOnlyList<Valid<NodeEntity>> Nodes { get; }
    public IReadOnlyList<Valid<ServiceEntity>> Services { get; }
    public IReadOnlyList<Valid<EndpointSliceEntity>> Slices { get; }
    public IReadOnlyList<Valid<PodEntity>> Pods { get; }
    public IReadOnlyList<Valid<IngressEntity>> Ingresses { get; }
    public IReadOnlyList<Valid<IngressClassEntity>> IngressClasses { get; }
    public IReadOnlyList<Valid<ClusterEntity>> Clusters { get; }
    public IReadOnlyList<NsgOperation> NsgOperations { get; }
    public IReadOnlyList<Valid<NsgEntity>> Nsgs { get; }
    public IReadOnlyList<Valid<EffectiveNsgEntity>> EffectiveNsgs { get; }
    public IReadOnlyList<Valid<AdminRuleEntity>> AdminRules { get; }
    public IReadOnlyList<Valid<VnetEntity>> Vnets { get; }
    public IReadOnlyList<Valid<SubnetEntity>> Subnets { get; }
    public IReadOnlyList<Valid<RouteTableEntity>> RouteTables { get; }
    public IReadOnlyList<Valid<LoadBalancerEntity>> LoadBalancers { get; }
    public IReadOnlyList<Valid<PublicIpEntity>> PublicIps { get; }
    public IReadOnlyList<Valid<NicEntity>> Nics { get; }
    public IReadOnlyList<Valid<ScaleSetEntity>> ScaleSets { get; }
    public IReadOnlyList<Valid<FlowLogEntity>> FlowLogs { get; }
    public IReadOnlyList<Valid<ServiceTagEntity>> ServiceTags { get; }

    /// <summary>True when some snapshot listed the kind, even if there was nothing of it.</summary>
    public bool Has(string kind) => _timeline.Has(kind);

    /// <summary>The times at which anything of the topology changed: between two of them the tables hold still.</summary>
    public IReadOnlyList<DateTime> Boundaries()
    {
        var times = new SortedSet<DateTime> { InventorySchema.BeginningOfTime, InventorySchema.EndOfTime };
        AddChanges(times, Services);
        AddChanges(times, Slices);
        AddChanges(times, Ingresses);
        AddChanges(times, IngressClasses);
        AddChanges(times, Clusters);
        AddChanges(times, Subnets);
        AddChanges(times, RouteTables);
        AddChanges(times, LoadBalancers);
        AddChanges(times, PublicIps);
        AddChanges(times, Nics);
        AddChanges(times, Nodes);
        AddChanges(times, Nsgs);
        return [.. times];
    }

    /// <summary>Creation alone is no boundary: rows are clipped to the lives of what they are made of.</summary>
    private static void AddChanges<T>(SortedSet<DateTime> times, IReadOnlyList<Valid<T>> versions)
        where T : InventoryEntity
    {
        foreach (var version in versions)
        {
            times.Add(version.To);
            if (version.From != version.Entity.Created)
                times.Add(version.From);
        }
    }

    /// <summary>A finished pod still shows its address, which somebody else may have had since.</summary>
    private static IReadOnlyList<Valid<PodEntity>> EndFinished(IReadOnlyList<Valid<PodEntity>> pods)
    {
        var ends = pods.Where(p => p.Entity.Ended is not null).GroupBy(p => p.Entity.Id).ToDictionary(g => g.Key, g => g.Min(p => p.Entity.Ended!.Value), StringComparer.Ordinal);
        return
        [
            .. pods.Select(p => ends.TryGetValue(p.Entity.Id, out var end) && end < p.To
                ? p with { To = end, SureTo = end, LastSeen = end < p.LastSeen ? end : p.LastSeen }
                : p).Where(p => p.From < p.To),
        ];
    }
}
