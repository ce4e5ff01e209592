using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

/// <summary><c>az aks show</c>.</summary>
internal static class AksExport
{
    public static JsonObject Cluster(ExportScene scene) => new()
    {
        ["agentPoolProfiles"] = Json.Array(AddressPlan.Roles.Select(role => (JsonNode?)Pool(scene, role))),
        ["apiServerAccessProfile"] = null,
        ["dnsPrefix"] = LabIds.Cluster,
        ["enableRbac"] = true,
        ["fqdn"] = "aks-shop-k2m4x7.hcp.westeurope.azmk8s.io",
        ["id"] = LabIds.Arm(LabIds.ResourceGroup, "Microsoft.ContainerService/managedClusters", LabIds.Cluster),
        ["kubernetesVersion"] = NodeExport.KubernetesVersion,
        ["location"] = LabIds.Location,
        ["name"] = LabIds.Cluster,
        ["networkProfile"] = Network(scene),
        ["nodeResourceGroup"] = LabIds.NodeResourceGroup,
        ["powerState"] = new JsonObject { ["code"] = "Running" },
        ["privateFqdn"] = null,
        ["provisioningState"] = "Succeeded",
        ["resourceGroup"] = LabIds.ResourceGroup,
        ["sku"] = new JsonObject { ["name"] = "Base", ["tier"] = "Standard" },
        ["tags"] = null,
        ["type"] = "Microsoft.ContainerService/ManagedClusters",
    };

    private static JsonObject Network(ExportScene scene)
    {
        var cni = scene.Cluster.Plan.Cni;
        var pods = cni == LabCni.NodeSubnet ? null : AddressPlan.PodCidr;
        return new JsonObject
        {
            ["advancedNetworking"] = null,
            ["dnsServiceIp"] = "10.0.0.10",
            ["ipFamilies"] = Json.Texts("IPv4"),
            ["loadBalancerProfile"] = new JsonObject
            {
                ["backendPoolType"] = "nodeIPConfiguration",
                ["clusterServiceLoadBalancerHealthProbeMode"] = scene.Cluster.Spec.SharedProbe ? "Shared" : "ServiceNodePort",
                ["effectiveOutboundIPs"] = new JsonArray(Json.Ref(LoadBalancerExport.OutboundIpId, LabIds.NodeResourceGroup)),
            },
            ["loadBalancerSku"] = "standard",
            ["networkDataplane"] = cni == LabCni.Kubenet ? null : "azure",
            ["networkPlugin"] = cni == LabCni.Kubenet ? "kubenet" : "azure",
            ["networkPluginMode"] = cni == LabCni.Overlay ? "overlay" : null,
            ["networkPolicy"] = "none",
            ["outboundType"] = "loadBalancer",
            ["podCidr"] = pods,
            ["podCidrs"] = pods is null ? null : Json.Texts(pods),
            ["serviceCidr"] = AddressPlan.ServiceCidr,
            ["serviceCidrs"] = Json.Texts(AddressPlan.ServiceCidr),
        };
    }

    private static JsonObject Pool(ExportScene scene, string role) => new()
    {
        ["count"] = scene.Cluster.Pool(role).Count,
        ["currentOrchestratorVersion"] = NodeExport.KubernetesVersion,
        ["mode"] = role == "system" ? "System" : "User",
        ["name"] = role,
        ["nodeLabels"] = new JsonObject { ["role"] = role },
        ["nodeTaints"] = role == "system" ? Json.Texts("CriticalAddonsOnly=true:NoSchedule") : null,
        ["osType"] = "Linux",
        ["podSubnetId"] = null,
        ["provisioningState"] = "Succeeded",
        ["type"] = "VirtualMachineScaleSets",
        ["vmSize"] = "Standard_D4ds_v5",
        ["vnetSubnetId"] = LabIds.Subnet(AddressPlan.SubnetOf(role)),
    };
}
