using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

/// <summary><c>az network vnet list</c> and <c>az network route-table list</c>.</summary>
internal static class VnetExport
{
    private static readonly string RouteTableId = LabIds.Arm(LabIds.NodeResourceGroup, "Microsoft.Network/routeTables", LabIds.RouteTable);

    public static JsonArray Vnets(ExportScene scene)
    {
        var id = LabIds.Network("virtualNetworks", LabIds.Vnet);
        var vnet = new JsonObject
        {
            ["addressSpace"] = new JsonObject { ["addressPrefixes"] = Json.Texts(AddressPlan.Vnet) },
            ["dhcpOptions"] = new JsonObject { ["dnsServers"] = new JsonArray() },
            ["enableDdosProtection"] = false,
            ["id"] = id,
            ["location"] = LabIds.Location,
            ["name"] = LabIds.Vnet,
            ["provisioningState"] = "Succeeded",
            ["resourceGroup"] = LabIds.ResourceGroup,
            ["resourceGuid"] = LabIds.Guid(id),
            ["subnets"] = Json.Array(AddressPlan.Roles.Append("clients").Select(role => (JsonNode?)Subnet(scene, role))),
            ["tags"] = null,
            ["type"] = "Microsoft.Network/virtualNetworks",
            ["virtualNetworkPeerings"] = new JsonArray(),
        };
        if (scene.Cluster.Spec.FlowTimeoutInMinutes is { } minutes)
            vnet["flowTimeoutInMinutes"] = minutes;
        return [vnet];
    }

    public static JsonArray RouteTables(ExportScene scene)
    {
        if (scene.Cluster.Plan.Cni != LabCni.Kubenet)
            return [];

        return
        [
            new JsonObject
            {
                ["disableBgpRoutePropagation"] = false,
                ["id"] = RouteTableId,
                ["location"] = LabIds.Location,
                ["name"] = LabIds.RouteTable,
                ["provisioningState"] = "Succeeded",
                ["resourceGroup"] = LabIds.NodeResourceGroup,
                ["resourceGuid"] = LabIds.Guid(RouteTableId),
                ["routes"] = Json.Array(scene.Cluster.Nodes.Select(n => (JsonNode?)Route(n))),
                ["subnets"] = Json.Array(AddressPlan.Roles.Select(r => (JsonNode?)Json.Ref(LabIds.Subnet(AddressPlan.SubnetOf(r)), LabIds.ResourceGroup))),
                ["tags"] = null,
                ["type"] = "Microsoft.Network/routeTables",
            },
        ];
    }

    private static JsonObject Subnet(ExportScene scene, string role) => new()
    {
        ["addressPrefix"] = AddressPlan.Prefix(role),
        ["delegations"] = new JsonArray(),
        ["id"] = LabIds.Subnet(AddressPlan.SubnetOf(role)),
        ["name"] = AddressPlan.SubnetOf(role),
        ["natGateway"] = null,
        ["networkSecurityGroup"] = Json.Ref(LabIds.Nsg(AddressPlan.NsgOf(role)), LabIds.ResourceGroup),
        ["provisioningState"] = "Succeeded",
        ["resourceGroup"] = LabIds.ResourceGroup,
        ["routeTable"] = scene.Cluster.Plan.Cni == LabCni.Kubenet && role != "clients" ? Json.Ref(RouteTableId, LabIds.NodeResourceGroup) : null,
        ["serviceEndpoints"] = new JsonArray(),
        ["type"] = "Microsoft.Network/virtualNetworks/subnets",
    };

    private static JsonObject Route(LabNode node) => new()
    {
        ["addressPrefix"] = AddressPlan.PodPrefix(node.Number),
        ["hasBgpOverride"] = false,
        ["id"] = $"{RouteTableId}/routes/{node.Name}",
        ["name"] = node.Name,
        ["nextHopIpAddress"] = AddressPlan.Text(node.Ip),
        ["nextHopType"] = "VirtualAppliance",
        ["provisioningState"] = "Succeeded",
        ["resourceGroup"] = LabIds.NodeResourceGroup,
        ["type"] = "Microsoft.Network/routeTables/routes",
    };
}
