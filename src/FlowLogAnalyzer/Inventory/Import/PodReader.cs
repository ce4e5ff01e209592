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
            Workload = Workload(item),
            App = labels.GetValueOrDefault("app.kubernetes.io/name") ?? labels.GetValueOrDefault("app") ?? labels.GetValueOrDefault("k8s-app"),
            Labels = labels,
            NodeSelector = Selector(item),
            Ended = finished ? ended : null,
        };
    }

    /// <summary>Kind/name of the owner; a ReplicaSet of a Deployment is given as that Deployment.</summary>
    private static string? Workload(JsonElement item)
    {
        var owner = item.Items("metadata.ownerReferences").OrderByDescending(o => o.Bool("controller") ?? false).FirstOrDefault();
        if (owner.Text("name") is not { } name)
            return null;

        var kind = owner.Text("kind") ?? "";
        var dash = name.LastIndexOf('-');
        return kind == "ReplicaSet" && dash > 0 && IsTemplateHash(name[(dash + 1)..], item) ? "Deployment/" + name[..dash] : $"{kind}/{name}";
    }

    /// <summary>
    /// A Deployment appends the pod template's hash to its name. Its letters avoid vowels and what looks like them
    /// (Kubernetes apimachinery, util/rand), which tells it from a name that somebody chose when the label is missing.
    /// </summary>
    private static bool IsTemplateHash(string text, JsonElement item) =>
        item.Map("metadata.labels").GetValueOrDefault("pod-template-hash") is { } hash
            ? hash == text
            : text.Length is >= 8 and <= 10 && text.All("bcdfghjklmnpqrstvwxz2456789".Contains);

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
