using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

/// <summary>The Service of the ingress controller, behind the internal load balancer.</summary>
internal static class IngressServiceExport
{
    /// <summary>The uid names the load balancer's rules and probes.</summary>
    public static string Uid => LabIds.Guid("svc/" + LabService.FullName);

    public static JsonObject Service(ExportScene scene)
    {
        var metadata = Json.Metadata(scene, LabService.Namespace, LabService.Name, "svc/" + LabService.FullName, 1);
        metadata["annotations"] = new JsonObject
        {
            ["service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path"] = "/healthz",
            ["service.beta.kubernetes.io/azure-load-balancer-internal"] = "true",
            ["service.beta.kubernetes.io/azure-load-balancer-internal-subnet"] = "snet-ingress",
            ["service.beta.kubernetes.io/azure-load-balancer-ipv4"] = AddressPlan.Frontend,
        };
        metadata["labels"] = Labels();
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = metadata,
            ["spec"] = Spec(scene),
            ["status"] = new JsonObject
            {
                ["loadBalancer"] = new JsonObject
                {
                    ["ingress"] = new JsonArray(new JsonObject { ["ip"] = AddressPlan.Frontend, ["ipMode"] = "VIP" }),
                },
            },
        };
    }

    private static JsonObject Spec(ExportScene scene)
    {
        var spec = new JsonObject
        {
            ["allocateLoadBalancerNodePorts"] = true,
            ["clusterIP"] = "10.0.201.16",
            ["clusterIPs"] = Json.Texts("10.0.201.16"),
            ["externalTrafficPolicy"] = scene.Cluster.Spec.LocalPolicy ? "Local" : "Cluster",
            ["internalTrafficPolicy"] = "Cluster",
            ["ports"] = new JsonArray(new JsonObject
            {
                ["appProtocol"] = "http",
                ["name"] = "http",
                ["nodePort"] = LabService.NodePort,
                ["port"] = LabService.Port,
                ["protocol"] = "TCP",
                ["targetPort"] = "http",
            }),
            ["selector"] = Labels(),
            ["sessionAffinity"] = scene.Cluster.Spec.ClientAffinity ? "ClientIP" : "None",
            ["type"] = "LoadBalancer",
        };
        if (scene.Cluster.Spec.LocalPolicy)
            spec["healthCheckNodePort"] = LabService.HealthCheckNodePort;
        return spec;
    }

    private static JsonObject Labels() => new()
    {
        ["app.kubernetes.io/component"] = "controller",
        ["app.kubernetes.io/instance"] = "ingress-nginx",
        ["app.kubernetes.io/name"] = "ingress-nginx",
    };
}
