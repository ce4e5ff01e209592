using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

internal static class NodeExport
{
    public const string KubernetesVersion = "1.33.4";

    public static IEnumerable<JsonNode?> All(ExportScene scene) =>
        scene.Cluster.Nodes.OrderBy(n => n.Name, StringComparer.Ordinal).Select(n => Node(scene, n));

    private static JsonObject Node(ExportScene scene, LabNode node)
    {
        var metadata = Json.Metadata(scene, null, node.Name, "node/" + node.Name, 1);
        metadata["annotations"] = new JsonObject { ["node.alpha.kubernetes.io/ttl"] = "0", ["volumes.kubernetes.io/controller-managed-attach-detach"] = "true" };
        metadata["labels"] = Labels(node);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = metadata,
            ["spec"] = Spec(scene, node),
            ["status"] = Status(scene, node),
        };
    }

    private static JsonObject Labels(LabNode node) => new()
    {
        ["agentpool"] = node.Role,
        ["kubernetes.azure.com/agentpool"] = node.Role,
        ["kubernetes.azure.com/cluster"] = LabIds.NodeResourceGroup,
        ["kubernetes.azure.com/mode"] = node.Role == "system" ? "system" : "user",
        ["kubernetes.azure.com/network-subnet"] = node.Nic.Subnet,
        ["kubernetes.azure.com/role"] = "agent",
        ["kubernetes.io/arch"] = "amd64",
        ["kubernetes.io/hostname"] = node.Name,
        ["kubernetes.io/os"] = "linux",
        ["node.kubernetes.io/instance-type"] = "Standard_D4ds_v5",
        ["role"] = node.Role,
        ["topology.kubernetes.io/region"] = LabIds.Location,
        ["topology.kubernetes.io/zone"] = $"{LabIds.Location}-{(node.Number % 3) + 1}",
    };

    private static JsonObject Spec(ExportScene scene, LabNode node)
    {
        var spec = new JsonObject();
        if (scene.Cluster.Plan.Cni == LabCni.Kubenet)
        {
            spec["podCIDR"] = AddressPlan.PodPrefix(node.Number);
            spec["podCIDRs"] = Json.Texts(AddressPlan.PodPrefix(node.Number));
        }
        spec["providerID"] = "azure://" + LabIds.VmssVm(node.Vmss, node.PoolIndex);
        if (node.Role == "system")
            spec["taints"] = new JsonArray(new JsonObject { ["effect"] = "NoSchedule", ["key"] = "CriticalAddonsOnly", ["value"] = "true" });
        return spec;
    }

    private static JsonObject Status(ExportScene scene, LabNode node) => new()
    {
        ["addresses"] = new JsonArray(
            new JsonObject { ["address"] = AddressPlan.Text(node.Ip), ["type"] = "InternalIP" },
            new JsonObject { ["address"] = node.Name, ["type"] = "Hostname" }),
        ["conditions"] = new JsonArray(new JsonObject
        {
            ["lastTransitionTime"] = scene.Created(1),
            ["message"] = "kubelet is posting ready status",
            ["reason"] = "KubeletReady",
            ["status"] = "True",
            ["type"] = "Ready",
        }),
        ["nodeInfo"] = new JsonObject
        {
            ["architecture"] = "amd64",
            ["containerRuntimeVersion"] = "containerd://1.7.28-1",
            ["kubeProxyVersion"] = "v" + KubernetesVersion,
            ["kubeletVersion"] = "v" + KubernetesVersion,
            ["operatingSystem"] = "linux",
            ["osImage"] = "Ubuntu 22.04.5 LTS",
        },
    };
}
