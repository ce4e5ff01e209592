using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory;

/// <summary>The kinds of inventory documents, as the lake's <c>inventory</c> table spells them.</summary>
public static class InventoryKinds
{
    public const string Node = "node";
    public const string Service = "service";
    public const string EndpointSlice = "endpointslice";
    public const string Pod = "pod";
    public const string Ingress = "ingress";
    public const string IngressClass = "ingressclass";
    public const string NetworkPolicy = "networkpolicy";
    public const string Cluster = "aks";
    public const string Nsg = "nsg";
    public const string VirtualNetwork = "vnet";
    public const string Subnet = "subnet";
    public const string RouteTable = "route-table";
    public const string LoadBalancer = "lb";
    public const string PublicIp = "public-ip";
    public const string Nic = "nic";
    public const string ScaleSet = "vmss";
    public const string FlowLog = "flow-log";
    public const string ServiceTag = "service-tag";
    public const string EffectiveNsg = "effective-nsg";
    public const string AdminRule = "admin-rule";

    /// <summary>An entry of the Activity Log: an event, not a thing that is there for a while.</summary>
    public const string Activity = "activity";

    /// <summary>Says that a snapshot listed a kind (within a scope) completely, so that what it lacks was gone.</summary>
    public const string Coverage = "coverage";

    internal static IReadOnlyDictionary<string, Type> Types { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        [Node] = typeof(NodeEntity),
        [Service] = typeof(ServiceEntity),
        [EndpointSlice] = typeof(EndpointSliceEntity),
        [Pod] = typeof(PodEntity),
        [Ingress] = typeof(IngressEntity),
        [IngressClass] = typeof(IngressClassEntity),
        [NetworkPolicy] = typeof(NetworkPolicyEntity),
        [Cluster] = typeof(ClusterEntity),
        [Nsg] = typeof(NsgEntity),
        [VirtualNetwork] = typeof(VnetEntity),
        [Subnet] = typeof(SubnetEntity),
        [RouteTable] = typeof(RouteTableEntity),
        [LoadBalancer] = typeof(LoadBalancerEntity),
        [PublicIp] = typeof(PublicIpEntity),
        [Nic] = typeof(NicEntity),
        [ScaleSet] = typeof(ScaleSetEntity),
        [FlowLog] = typeof(FlowLogEntity),
        [ServiceTag] = typeof(ServiceTagEntity),
        [EffectiveNsg] = typeof(EffectiveNsgEntity),
        [AdminRule] = typeof(AdminRuleEntity),
        [Activity] = typeof(ActivityEntity),
        [Coverage] = typeof(CoverageEntity),
    };
}
