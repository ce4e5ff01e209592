using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;
using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>The tables clusters, subnets and flow_logs.</summary>
internal static class NetworkTables
{
    public static void AddClusters(InventoryHistory history, RowCollector clusters)
    {
        foreach (var cluster in history.Clusters)
            clusters.Add(
                (cluster.From, cluster.To), cluster.Entity.Name, NetworkMode(cluster.Entity), cluster.Entity.Dataplane?.ToLowerInvariant() ?? "azure",
                Joined(cluster.Entity.PodCidrs), Joined(cluster.Entity.ServiceCidrs), cluster.Entity.OutboundType,
                string.Equals(cluster.Entity.ProbeMode, "Shared", StringComparison.OrdinalIgnoreCase), cluster.Entity.NodeResourceGroup,
                cluster.Entity.PrivateFqdn ?? cluster.Entity.Fqdn);
    }

    /// <summary>kubenet, overlay, node-subnet, pod-subnet or none: it decides which addresses pods have on the wire.</summary>
    public static string? NetworkMode(ClusterEntity cluster) => cluster.NetworkPlugin?.ToLowerInvariant() switch
    {
        "kubenet" => "kubenet",
        "azure" when string.Equals(cluster.NetworkPluginMode, "overlay", StringComparison.OrdinalIgnoreCase) => "overlay",
        "azure" => cluster.Pools.Any(p => p.PodSubnetId is not null) ? "pod-subnet" : "node-subnet",
        var other => other,
    };

    public static void AddSubnets(Moment moment, RowCollector subnets)
    {
        foreach (var subnet in moment.Subnets)
        {
            var table = moment.RouteTables.FirstOrDefault(t => t.Entity.Id == subnet.Entity.RouteTableId || t.Entity.SubnetIds.Contains(subnet.Entity.Id, StringComparer.Ordinal));
            var route = table?.Entity.Routes.FirstOrDefault(r => r.Prefix is "0.0.0.0/0");
            subnets.Add(
                moment.Clip(subnet), subnet.Entity.Name, subnet.Entity.ArmId, subnet.Entity.Vnet, Joined(subnet.Entity.Prefixes), moment.NsgOfSubnet(subnet.Entity),
                table?.Entity.Name ?? (subnet.Entity.RouteTableId is { } id ? ArmIds.Name(id) : null),
                route is null ? null : route.NextHop is null ? route.NextHopType : $"{route.NextHopType} {route.NextHop}");
        }
    }

    public static void AddFlowLogs(InventoryHistory history, RowCollector flowLogs)
    {
        foreach (var log in history.FlowLogs)
            flowLogs.Add(
                (log.From, log.To), log.Entity.Name, log.Entity.TargetId, TargetKind(log.Entity.TargetId), log.Entity.Enabled, log.Entity.Version,
                log.Entity.RecordTypes, log.Entity.Filter);
    }

    private static string? TargetKind(string? target) => ArmIds.Type(target) switch
    {
        "microsoft.network/networksecuritygroups" => "nsg",
        "microsoft.network/virtualnetworks" => "vnet",
        "microsoft.network/virtualnetworks/subnets" => "subnet",
        "microsoft.network/networkinterfaces" or "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces" => "nic",
        _ => null,
    };

    private static string? Joined(IReadOnlyList<string> values) => values.Count > 0 ? string.Join(',', values) : null;
}
