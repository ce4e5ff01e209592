using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

internal static class PodExport
{
    public static IEnumerable<JsonNode?> All(ExportScene scene) =>
        scene.Cluster.Pods.OrderBy(p => p.Namespace, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal).Select(p => Pod(scene, p));

    private static JsonObject Pod(ExportScene scene, LabPod pod)
    {
        var metadata = Json.Metadata(scene, pod.Namespace, pod.Name, Uid(pod), 2);
        if (Rolled(scene, pod) is { } made)
            metadata["creationTimestamp"] = made;
        metadata["labels"] = Labels(pod);
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["blockOwnerDeletion"] = true,
            ["controller"] = true,
            ["kind"] = pod.HostNetwork ? "DaemonSet" : "ReplicaSet",
            ["name"] = pod.Name[..pod.Name.LastIndexOf('-')],
            ["uid"] = LabIds.Guid("owner/" + pod.App),
        });
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = Spec(scene, pod),
            ["status"] = Status(scene, pod),
        };
    }

    public static string Uid(LabPod pod) => $"pod/{pod.Namespace}/{pod.Name}";

    private static JsonObject Labels(LabPod pod) => pod.App switch
    {
        "ingress-nginx" => new JsonObject
        {
            ["app.kubernetes.io/component"] = "controller",
            ["app.kubernetes.io/instance"] = "ingress-nginx",
            ["app.kubernetes.io/name"] = "ingress-nginx",
        },
        "api" or "nightly" or "prometheus" => new JsonObject { ["app"] = pod.App },
        "kube-dns" or "metrics-server" => new JsonObject { ["k8s-app"] = pod.App, ["kubernetes.azure.com/managedby"] = "aks" },
        "konnectivity-agent" => new JsonObject { ["app"] = pod.App, ["kubernetes.azure.com/managedby"] = "aks" },
        _ => new JsonObject { ["component"] = pod.App, ["kubernetes.azure.com/managedby"] = "aks", ["tier"] = "node" },
    };

    private static JsonObject Spec(ExportScene scene, LabPod pod)
    {
        var spec = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject
            {
                ["image"] = $"registry.example/{pod.App}:1",
                ["name"] = pod.App == "ingress-nginx" ? "controller" : pod.App,
                ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = pod.Port, ["name"] = PortName(pod), ["protocol"] = pod.App == "kube-dns" ? "UDP" : "TCP" }),
            }),
        };
        if (pod.HostNetwork)
            spec["hostNetwork"] = true;
        spec["nodeName"] = pod.Node.Name;
        if (pod.App == "ingress-nginx")
            spec["nodeSelector"] = Selector(scene);
        return spec;
    }

    /// <summary>An ingress pod strays because nothing holds it on the ingress pool.</summary>
    private static JsonObject Selector(ExportScene scene)
    {
        var selector = new JsonObject { ["kubernetes.io/os"] = "linux" };
        if (scene.Cluster.App("ingress-nginx").All(p => p.Node.Role == "ingress"))
            selector["role"] = "ingress";
        return selector;
    }

    private static string PortName(LabPod pod) => pod.App switch { "kube-dns" => "dns", "metrics-server" => "https", _ => "http" };

    private static JsonObject Status(ExportScene scene, LabPod pod) => new()
    {
        ["conditions"] = new JsonArray(new JsonObject { ["lastTransitionTime"] = scene.Created(2), ["status"] = "True", ["type"] = "Ready" }),
        ["hostIP"] = AddressPlan.Text(pod.Node.Ip),
        ["phase"] = "Running",
        ["podIP"] = AddressPlan.Text(pod.Ip),
        ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = AddressPlan.Text(pod.Ip) }),
        ["startTime"] = Rolled(scene, pod) ?? scene.Created(2),
    };

    /// <summary>A pod that a rollout replaced is ten minutes old when the simulation starts; pods of daemon sets stay.</summary>
    private static string? Rolled(ExportScene scene, LabPod pod) =>
        scene.Cluster.Spec.Rollout > 0 && !pod.HostNetwork ? scene.MinutesBefore(10) : null;
}
