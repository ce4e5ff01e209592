using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>Pods: the owner of an address, the workload behind it and the nodes it asks for.</summary>
internal static class PodReader
{
    private static readonly string[] BulkyLabels = ["controller-revision-hash", "pod-template-generation"];

    public static PodEntity? Read(JsonElement item)
    {
        var ips = item.Items("status.podIPs").Select(i => i.Text("ip")).OfType<string>().ToList();
        if (ips.Count == 0 && item.Text("status.podIP") is { } ip)
            ips.Add(ip);

        var ended = Ended(item);
        var finished = item.Text("status.phase") is "Succeeded" or "Failed";
        if (ips.Count == 0 || (finished && ended is null))
            return null;

        var labels = item.Map("metadata.labels", k => !BulkyLabels.Contains(k, StringComparer.Ordinal));
        return new PodEntity
        {
            Namespace = KubernetesReader.Namespace(item),
            Ips = ips,
            Node = item.Text("spec.nodeName"),
            HostNetwork = item.Bool("spec.hostNetwork") ?? false,
            Workload = WorkloadReader.Read(item, labels),
            ServiceAccount = item.Text("spec.serviceAccountName") ?? item.Text("spec.serviceAccount"),
            Images = [.. item.Items("spec.containers").Select(c => c.Text("image")).OfType<string>().Select(WorkloadReader.Repository).Distinct(StringComparer.Ordinal)],
            PerNode = WorkloadReader.IsPerNode(item),
            App = labels.GetValueOrDefault("app.kubernetes.io/name") ?? labels.GetValueOrDefault("app") ?? labels.GetValueOrDefault("k8s-app"),
            Labels = labels,
            NodeSelector = Selector(item),
            Ended = finished ? ended : null,
        };
    }

    private static SortedDictionary<string, string> Selector(JsonElement item)
    {
        var wanted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var term in item.Items("spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"))
            foreach (var expression in term.Items("matchExpressions").Where(e => e.Text("operator") == "In" && e.Text("key") is not null))
                wanted[expression.Text("key")!] = string.Join('|', expression.Texts("values"));

        foreach (var (key, value) in item.Map("spec.nodeSelector"))
            wanted[key] = value;

        return wanted;
    }

    private static DateTime? Ended(JsonElement item) => item.Items("status.containerStatuses")
        .Select(s => s.Time("state.terminated.finishedAt")).Where(t => t is not null).Max();
}
