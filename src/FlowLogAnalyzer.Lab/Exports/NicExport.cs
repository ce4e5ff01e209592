using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

/// <summary><c>az vmss nic list</c> of the node pools, and <c>az network nic list</c> of the client VMs.</summary>
internal static class NicExport
{
    public static string IpConfigurationId(LabNode node) => LabIds.VmssNic(node.Vmss, node.PoolIndex) + "/ipConfigurations/ipconfig1";

    public static JsonArray ScaleSet(ExportScene scene, string vmss) =>
        Json.Array(scene.Cluster.Nodes.Where(n => n.Vmss == vmss).Select(n => (JsonNode?)NodeNic(scene, n)));

    public static JsonArray Clients(ExportScene scene) => Json.Array(scene.Cluster.Clients.Select(c => (JsonNode?)ClientNic(c)));

    private static JsonObject NodeNic(ExportScene scene, LabNode node)
    {
        var id = LabIds.VmssNic(node.Vmss, node.PoolIndex);
        var addresses = new JsonArray(IpConfiguration(id, "ipconfig1", node.Nic, node.Ip, isPrimary: true));
        if (scene.Cluster.Plan.FlatPods)
        {
            foreach (var (pod, i) in scene.Cluster.Pods.Where(p => p.Node == node && !p.HostNetwork).Select((p, i) => (p, i)))
                addresses.Add((JsonNode)IpConfiguration(id, $"ipconfig{i + 2}", node.Nic, pod.Ip, isPrimary: false));
        }
        var nic = Nic(id, node.Vmss, LabIds.NodeResourceGroup, node.Nic, addresses);
        nic["virtualMachine"] = Json.Ref(LabIds.VmssVm(node.Vmss, node.PoolIndex), LabIds.NodeResourceGroup);
        return nic;
    }

    private static JsonObject ClientNic(LabClient client)
    {
        var id = LabIds.Network("networkInterfaces", client.Name + "-nic");
        var nic = Nic(id, client.Name + "-nic", LabIds.ResourceGroup, client.Nic, [IpConfiguration(id, "ipconfig1", client.Nic, client.Ip, isPrimary: true)]);
        nic["location"] = LabIds.Location;
        nic["virtualMachine"] = Json.Ref(LabIds.Arm(LabIds.ResourceGroup, "Microsoft.Compute/virtualMachines", client.Name), LabIds.ResourceGroup);
        return nic;
    }

    private static JsonObject Nic(string id, string name, string group, LabNic nic, JsonArray addresses) => new()
    {
        ["dnsSettings"] = new JsonObject { ["appliedDnsServers"] = new JsonArray(), ["dnsServers"] = new JsonArray() },
        ["enableAcceleratedNetworking"] = true,
        ["enableIPForwarding"] = nic.Role != "clients",
        ["id"] = id,
        ["ipConfigurations"] = addresses,
        ["macAddress"] = Dashed(nic.Mac),
        ["name"] = name,
        ["networkSecurityGroup"] = nic.NicNsg is { } nsg ? Json.Ref(LabIds.Nsg(nsg), LabIds.NsgGroup(nsg)) : null,
        ["primary"] = true,
        ["provisioningState"] = "Succeeded",
        ["resourceGroup"] = group,
        ["resourceGuid"] = LabIds.Guid(id),
    };

    private static JsonObject IpConfiguration(string nicId, string name, LabNic nic, uint ip, bool isPrimary) => new()
    {
        ["applicationSecurityGroups"] = null,
        ["id"] = $"{nicId}/ipConfigurations/{name}",
        ["loadBalancerBackendAddressPools"] = isPrimary && nic.Role != "clients"
            ? new JsonArray(Json.Ref(LabIds.Arm(LabIds.NodeResourceGroup, "Microsoft.Network/loadBalancers", "kubernetes-internal") + "/backendAddressPools/kubernetes", LabIds.NodeResourceGroup))
            : null,
        ["name"] = name,
        ["primary"] = isPrimary,
        ["privateIPAddress"] = AddressPlan.Text(ip),
        ["privateIPAddressVersion"] = "IPv4",
        ["privateIPAllocationMethod"] = "Dynamic",
        ["provisioningState"] = "Succeeded",
        ["subnet"] = Json.Ref(LabIds.Subnet(nic.Subnet), LabIds.ResourceGroup),
    };

    private static string Dashed(string mac) => string.Join('-', Enumerable.Range(0, 6).Select(i => mac.Substring(i * 2, 2)));
}
