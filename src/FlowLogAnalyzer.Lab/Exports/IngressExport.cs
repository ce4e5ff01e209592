using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

internal static class IngressExport
{
    public static IEnumerable<JsonNode?> Ingresses(ExportScene scene)
    {
        var metadata = Json.Metadata(scene, "shop", "shop", "ingress/shop/shop", 3);
        if (scene.Cluster.Spec.AllowList is { } list)
            metadata["annotations"] = new JsonObject { ["nginx.ingress.kubernetes.io/whitelist-source-range"] = list };
        yield return new JsonObject
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "Ingress",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["ingressClassName"] = "nginx",
                ["rules"] = new JsonArray(new JsonObject { ["host"] = "shop.example", ["http"] = new JsonObject { ["paths"] = new JsonArray(Path()) } }),
            },
            ["status"] = new JsonObject
            {
                ["loadBalancer"] = new JsonObject { ["ingress"] = new JsonArray(new JsonObject { ["ip"] = AddressPlan.Frontend }) },
            },
        };
    }

    public static IEnumerable<JsonNode?> Classes(ExportScene scene)
    {
        yield return new JsonObject
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "IngressClass",
            ["metadata"] = Json.Metadata(scene, null, "nginx", "ingressclass/nginx", 1),
            ["spec"] = new JsonObject { ["controller"] = "k8s.io/ingress-nginx" },
        };
    }

    private static JsonObject Path() => new()
    {
        ["backend"] = new JsonObject { ["service"] = new JsonObject { ["name"] = "api", ["port"] = new JsonObject { ["number"] = 8080 } } },
        ["path"] = "/",
        ["pathType"] = "Prefix",
    };
}
