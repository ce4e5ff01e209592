using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

/// <summary><c>az network lb list</c> and <c>az network public-ip list</c>: the internal balancer, and the public one for outbound traffic.</summary>
internal static class LoadBalancerExport
{
    private const string OutboundIp = "20.71.3.44";

    public static readonly string OutboundIpId = LabIds.Arm(LabIds.NodeResourceGroup, "Microsoft.Network/publicIPAddresses", "aks-shop-outbound");
    private static readonly string InternalId = Id("kubernetes-internal");
    private static readonly string PublicId = Id("kubernetes");

    /// <summary>The cloud provider's name: "a" and the Service's uid without dashes, 32 characters.</summary>
    private static string ServiceName => ("a" + IngressServiceExport.Uid.Replace("-", "", StringComparison.Ordinal))[..32];

    private static string RuleName => $"{ServiceName}-snet-ingress-TCP-{LabService.Port}";

    public static JsonArray All(ExportScene scene) => [Public(scene), Internal(scene)];

    public static JsonArray PublicIps() =>
    [
        new JsonObject
        {
            ["id"] = OutboundIpId,
            ["ipAddress"] = OutboundIp,
            ["ipConfiguration"] = Json.Ref(PublicId + "/frontendIPConfigurations/aksOutbound", LabIds.NodeResourceGroup),
            ["location"] = LabIds.Location,
            ["name"] = "aks-shop-outbound",
            ["provisioningState"] = "Succeeded",
            ["publicIPAddressVersion"] = "IPv4",
            ["publicIPAllocationMethod"] = "Static",
            ["resourceGroup"] = LabIds.NodeResourceGroup,
            ["resourceGuid"] = LabIds.Guid(OutboundIpId),
            ["sku"] = new JsonObject { ["name"] = "Standard", ["tier"] = "Regional" },
            ["tags"] = null,
            ["type"] = "Microsoft.Network/publicIPAddresses",
        },
    ];

    private static string Id(string name) => LabIds.Arm(LabIds.NodeResourceGroup, "Microsoft.Network/loadBalancers", name);

    private static JsonObject Internal(ExportScene scene) => Balancer("kubernetes-internal", new JsonObject
    {
        ["backendAddressPools"] = new JsonArray(Pool(scene, InternalId, "kubernetes")),
        ["frontendIPConfigurations"] = new JsonArray(new JsonObject
        {
            ["id"] = $"{InternalId}/frontendIPConfigurations/{ServiceName}-snet-ingress",
            ["name"] = ServiceName + "-snet-ingress",
            ["privateIPAddress"] = AddressPlan.Frontend,
            ["privateIPAddressVersion"] = "IPv4",
            ["privateIPAllocationMethod"] = "Static",
            ["provisioningState"] = "Succeeded",
            ["publicIPAddress"] = null,
            ["resourceGroup"] = LabIds.NodeResourceGroup,
            ["subnet"] = Json.Ref(LabIds.Subnet("snet-ingress"), LabIds.ResourceGroup),
        }),
        ["loadBalancingRules"] = new JsonArray(Rule(scene)),
        ["probes"] = new JsonArray(Probe(scene)),
    });

    private static JsonObject Public(ExportScene scene) => Balancer("kubernetes", new JsonObject
    {
        ["backendAddressPools"] = new JsonArray(Pool(scene, PublicId, "aksOutboundBackendPool"), Pool(scene, PublicId, "kubernetes")),
        ["frontendIPConfigurations"] = new JsonArray(new JsonObject
        {
            ["id"] = PublicId + "/frontendIPConfigurations/aksOutbound",
            ["name"] = "aksOutbound",
            ["privateIPAddress"] = null,
            ["privateIPAllocationMethod"] = "Dynamic",
            ["provisioningState"] = "Succeeded",
            ["publicIPAddress"] = Json.Ref(OutboundIpId, LabIds.NodeResourceGroup),
            ["resourceGroup"] = LabIds.NodeResourceGroup,
            ["subnet"] = null,
        }),
        ["loadBalancingRules"] = new JsonArray(),
        ["probes"] = new JsonArray(),
    });

    private static JsonObject Balancer(string name, JsonObject parts)
    {
        parts["id"] = Id(name);
        parts["inboundNatRules"] = new JsonArray();
        parts["location"] = LabIds.Location;
        parts["name"] = name;
        parts["provisioningState"] = "Succeeded";
        parts["resourceGroup"] = LabIds.NodeResourceGroup;
        parts["resourceGuid"] = LabIds.Guid(Id(name));
        parts["sku"] = new JsonObject { ["name"] = "Standard", ["tier"] = "Regional" };
        parts["tags"] = new JsonObject { ["aks-managed-cluster-name"] = LabIds.Cluster, ["aks-managed-cluster-rg"] = LabIds.ResourceGroup };
        parts["type"] = "Microsoft.Network/loadBalancers";
        return parts;
    }

    private static JsonObject Pool(ExportScene scene, string balancer, string name) => new()
    {
        ["backendIPConfigurations"] = Json.Array(scene.Cluster.Nodes.Select(n => (JsonNode?)Json.Ref(NicExport.IpConfigurationId(n), LabIds.NodeResourceGroup))),
        ["id"] = $"{balancer}/backendAddressPools/{name}",
        ["loadBalancerBackendAddresses"] = Json.Array(scene.Cluster.Nodes.Select(n => (JsonNode?)new JsonObject
        {
            ["ipAddress"] = null,
            ["name"] = $"{n.Vmss}_{n.PoolIndex}",
            ["networkInterfaceIPConfiguration"] = Json.Ref(NicExport.IpConfigurationId(n), LabIds.NodeResourceGroup),
        })),
        ["name"] = name,
        ["provisioningState"] = "Succeeded",
        ["resourceGroup"] = LabIds.NodeResourceGroup,
        ["type"] = "Microsoft.Network/loadBalancers/backendAddressPools",
    };

    private static JsonObject Rule(ExportScene scene) => new()
    {
        ["backendAddressPool"] = Json.Ref(InternalId + "/backendAddressPools/kubernetes", LabIds.NodeResourceGroup),
        ["backendAddressPools"] = new JsonArray(Json.Ref(InternalId + "/backendAddressPools/kubernetes", LabIds.NodeResourceGroup)),
        ["backendPort"] = LabService.Port,
        ["disableOutboundSnat"] = true,
        ["enableFloatingIP"] = true,
        ["enableTcpReset"] = true,
        ["frontendIPConfiguration"] = Json.Ref($"{InternalId}/frontendIPConfigurations/{ServiceName}-snet-ingress", LabIds.NodeResourceGroup),
        ["frontendPort"] = LabService.Port,
        ["id"] = $"{InternalId}/loadBalancingRules/{RuleName}",
        ["idleTimeoutInMinutes"] = 4,
        ["loadDistribution"] = scene.Cluster.Spec.ClientAffinity ? "SourceIP" : "Default",
        ["name"] = RuleName,
        ["probe"] = Json.Ref($"{InternalId}/probes/{ProbeName(scene)}", LabIds.NodeResourceGroup),
        ["protocol"] = "Tcp",
        ["provisioningState"] = "Succeeded",
        ["resourceGroup"] = LabIds.NodeResourceGroup,
    };

    private static string ProbeName(ExportScene scene) => scene.Cluster.Spec.SharedProbe ? "cluster-service-shared-health-probe" : RuleName;

    private static JsonObject Probe(ExportScene scene) => new()
    {
        ["id"] = $"{InternalId}/probes/{ProbeName(scene)}",
        ["intervalInSeconds"] = 5,
        ["loadBalancingRules"] = new JsonArray(Json.Ref($"{InternalId}/loadBalancingRules/{RuleName}", LabIds.NodeResourceGroup)),
        ["name"] = ProbeName(scene),
        ["numberOfProbes"] = 2,
        ["port"] = LabService.ProbePort(scene.Cluster.Spec),
        ["probeThreshold"] = 2,
        ["protocol"] = "Http",
        ["provisioningState"] = "Succeeded",
        ["requestPath"] = "/healthz",
        ["resourceGroup"] = LabIds.NodeResourceGroup,
    };
}
