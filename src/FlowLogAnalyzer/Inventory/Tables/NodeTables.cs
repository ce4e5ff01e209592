using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;
using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>The tables nodes and nics.</summary>
internal static class NodeTables
{
    private static readonly string[] ExcludeLabels =
        ["node.kubernetes.io/exclude-from-external-load-balancers", "alpha.service-controller.kubernetes.io/exclude-balancer"];

    /// <summary>The label alone counts, whatever its value.</summary>
    public static bool IsExcluded(NodeEntity node) => ExcludeLabels.Any(node.Labels.ContainsKey);

    public static void AddNodes(Moment moment, RowCollector nodes)
    {
        foreach (var facts in moment.Nodes)
        {
            var node = facts.Node.Entity;
            nodes.Add(
                moment.Clip(facts.Node), node.Name, node.Ips.Count > 0 ? node.Ips[0] : null, facts.Pool, facts.Mode, facts.Role, facts.RoleSource,
                ArmIds.Segment(node.ProviderId, "virtualmachinescalesets"), node.PodCidrs.Count > 0 ? string.Join(',', node.PodCidrs) : null,
                IsExcluded(node), node.Ready ?? true, node.Created, node.Labels.GetValueOrDefault("node.kubernetes.io/instance-type"));
        }
    }

    public static void AddNics(Moment moment, RowCollector nics)
    {
        foreach (var nic in moment.Nics.Where(n => n.Entity.Mac is not null))
        {
            var nodes = moment.NodesOf(nic.Entity).Where(n => n.Node.Overlaps(nic.From, nic.To)).ToList();
            var node = nodes.Count > 0 ? nodes[^1] : null;
            var primary = nic.Entity.Ips.FirstOrDefault(i => i.Primary) ?? (nic.Entity.Ips.Count > 0 ? nic.Entity.Ips[0] : null);
            var subnet = moment.Subnet(primary?.SubnetId);
            var nodeName = node?.Node.Entity.Name ?? NodesFromNics.NodeName(nic.Entity.VmId);
            nics.Add(
                moment.Clip(nic), nic.Entity.Mac, nic.Entity.Name, Kind(nic.Entity, nodeName), nodeName, nodeName ?? OwnerName(nic.Entity), primary?.Ip,
                subnet?.Name ?? (primary?.SubnetId is { } id ? ArmIds.Name(id) : null), moment.NsgOfNic(nic.Entity), moment.NsgOfSubnet(subnet), node?.Pool, node?.Role);
        }
    }

    public static string Kind(NicEntity nic, string? node) =>
        node is not null ? AddressKinds.Node
        : nic.PrivateEndpoint is not null ? AddressKinds.PrivateEndpoint
        : nic.VmId is not null ? AddressKinds.Vm
        : AddressKinds.Infrastructure;

    /// <summary>The VM, the private endpoint or, for lack of both, the NIC itself.</summary>
    public static string OwnerName(NicEntity nic) =>
        nic.VmId is not null && ArmIds.Segment(nic.VmId, "virtualmachinescalesets") is { } set ? $"{set}_{nic.VmName}"
        : nic.VmName is not null ? nic.VmName
        : nic.PrivateEndpoint is not null ? ArmIds.Name(nic.PrivateEndpoint)
        : nic.Name;
}
