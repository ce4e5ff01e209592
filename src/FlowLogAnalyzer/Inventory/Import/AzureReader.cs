using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>Azure resources to entities, in the flattened form of the az CLI, the ARM form or PowerShell's envelope.</summary>
internal static class AzureReader
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["microsoft.containerservice/managedclusters"] = InventoryKinds.Cluster,
        ["microsoft.network/networksecuritygroups"] = InventoryKinds.Nsg,
        ["microsoft.network/virtualnetworks"] = InventoryKinds.VirtualNetwork,
        ["microsoft.network/virtualnetworks/subnets"] = InventoryKinds.Subnet,
        ["microsoft.network/routetables"] = InventoryKinds.RouteTable,
        ["microsoft.network/loadbalancers"] = InventoryKinds.LoadBalancer,
        ["microsoft.network/publicipaddresses"] = InventoryKinds.PublicIp,
        ["microsoft.network/networkinterfaces"] = InventoryKinds.Nic,
        ["microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces"] = InventoryKinds.Nic,
        ["microsoft.compute/virtualmachinescalesets"] = InventoryKinds.ScaleSet,
        ["microsoft.network/networkwatchers/flowlogs"] = InventoryKinds.FlowLog,
        ["microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules"] = InventoryKinds.AdminRule,
    };

    /// <summary>Fields that only one kind has, for exports that were cut by a query and lost type and id.</summary>
    private static readonly (string Field, string Kind)[] Shapes =
    [
        ("agentPoolProfiles", InventoryKinds.Cluster), ("securityRules", InventoryKinds.Nsg), ("virtualMachineProfile", InventoryKinds.ScaleSet),
        ("targetResourceId", InventoryKinds.FlowLog), ("loadBalancingRules", InventoryKinds.LoadBalancer), ("macAddress", InventoryKinds.Nic),
        ("effectiveSecurityRules", InventoryKinds.EffectiveNsg), ("addressSpace", InventoryKinds.VirtualNetwork), ("routes", InventoryKinds.RouteTable), ("publicIPAllocationMethod", InventoryKinds.PublicIp),
    ];

    /// <summary>The resource type as the export says it or as its id shows; null when it has neither.</summary>
    public static string? TypeOf(JsonElement item)
    {
        var fromId = ArmIds.Type(item.Text("id") ?? item.Text("resourceId"));
        return fromId ?? item.Text("type")?.ToLowerInvariant() ?? item.Text("resourceType")?.ToLowerInvariant();
    }

    public static string? KindOf(JsonElement item) =>
        ActivityReader.IsActivity(item) ? InventoryKinds.Activity
        : TypeOf(item) is { } type ? Types.GetValueOrDefault(type) : Shapes.Where(s => !item.Get(s.Field).IsNothing()).Select(s => s.Kind).FirstOrDefault();

    /// <summary>One resource can hold several entities: a VNet brings its subnets along.</summary>
    public static IEnumerable<(string Kind, InventoryEntity Entity)> Read(string kind, JsonElement item)
    {
        if (kind == InventoryKinds.Activity)
        {
            foreach (var entry in ActivityReader.Read(item))
                yield return (kind, entry);
            yield break;
        }

        yield return (kind, Named(ReadOne(kind, item), kind, item));
        if (kind != InventoryKinds.VirtualNetwork)
            yield break;

        foreach (var subnet in item.Items("subnets").Where(s => s.Text("id") is not null))
            yield return (InventoryKinds.Subnet, Named(NetworkReader.Subnet(subnet), InventoryKinds.Subnet, subnet));
    }

    private static InventoryEntity ReadOne(string kind, JsonElement item) => kind switch
    {
        InventoryKinds.Cluster => ClusterReader.Read(item),
        InventoryKinds.Nsg => NsgReader.Read(item),
        InventoryKinds.VirtualNetwork => NetworkReader.Vnet(item),
        InventoryKinds.Subnet => NetworkReader.Subnet(item),
        InventoryKinds.RouteTable => NetworkReader.RouteTable(item),
        InventoryKinds.LoadBalancer => LoadBalancerReader.Read(item),
        InventoryKinds.PublicIp => new PublicIpEntity { Ip = item.Text("ipAddress"), IpConfigurationId = item.ArmId("ipConfiguration.id") },
        InventoryKinds.Nic => NetworkReader.Nic(item),
        InventoryKinds.FlowLog => FlowLogReader.Read(item),
        InventoryKinds.EffectiveNsg => new EffectiveNsgEntity { Source = item.Clone(), NsgId = item.ArmId("networkSecurityGroup.id") },
        InventoryKinds.AdminRule => new AdminRuleEntity { Source = item.Clone() },
        _ => new ScaleSetEntity
        {
            Pool = item.Map("tags").GetValueOrDefault("aks-managed-poolName"),
            NsgId = item.Items("virtualMachineProfile.networkProfile.networkInterfaceConfigurations").Select(c => c.ArmId("networkSecurityGroup.id")).FirstOrDefault(),
        },
    };

    private static InventoryEntity Named(InventoryEntity entity, string kind, JsonElement item)
    {
        if (entity is EffectiveNsgEntity effective)
            return effective with { Id = $"{effective.NsgId}@{Association(item)}", Name = ArmIds.Name(effective.NsgId ?? "unnamed"), Scope = Association(item) };

        if (item.Text("id") is null && item.Text("resourceId") is null && item.Text("name") is null)
            throw new FieldException("name", "is missing, and so is 'id'");
        var id = item.ArmId("id") ?? item.ArmId("resourceId") ?? $"{kind}/{item.Text("name")?.ToLowerInvariant()}";
        var scope = kind switch
        {
            InventoryKinds.Subnet => ArmIds.Parent(id, "virtualnetworks"),
            InventoryKinds.Nic => ArmIds.Parent(id, "virtualmachinescalesets") ?? ArmIds.Parent(id, "resourcegroups"),
            InventoryKinds.FlowLog => ArmIds.Parent(id, "networkwatchers"),
            InventoryKinds.AdminRule => ArmIds.Parent(id, "rulecollections"),
            _ => ArmIds.Parent(id, "resourcegroups"),
        };

        // A scale-set instance that was replaced keeps the id but not the MAC: that is another NIC.
        if (entity is NicEntity { Mac: { } mac })
            id += "#" + mac;

        return entity with { Id = id, Name = item.Text("name") ?? ArmIds.Name(id), Scope = scope ?? "", Created = item.Time("systemData.createdAt") };
    }

    /// <summary>The NIC or the subnet through which an effective NSG applies.</summary>
    private static string Association(JsonElement item) =>
        item.ArmId("association.networkInterface.id") ?? item.ArmId("association.subnet.id") ?? item.ArmId("association.networkManager.id") ?? "";
}
