using System.Text.Json;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>
/// What a pod belongs to: its owner; without one what its labels, its service account, its image or its namespace say, in this
/// order. Names of pods are never taken apart: anybody may choose them.
/// </summary>
internal static class WorkloadReader
{
    private static readonly string[] AppLabels = ["app.kubernetes.io/name", "k8s-app", "app", "component"];

    /// <summary>Kind/name of the owner; a ReplicaSet of a Deployment is given as that Deployment, a CronJob's Job as that CronJob.</summary>
    public static string? Read(JsonElement item, IReadOnlyDictionary<string, string> labels)
    {
        var owner = item.Items("metadata.ownerReferences").OrderByDescending(o => o.Bool("controller") ?? false).FirstOrDefault();
        return owner.Text("name") is { } name ? Owner(owner.Text("kind") ?? "", name, item) : Ownerless(item, labels);
    }

    /// <summary>Daemon sets mark their pods with a revision, as stateful sets do, which also name each pod.</summary>
    public static bool IsPerNode(JsonElement item)
    {
        if (item.Items("metadata.ownerReferences").Any())
            return item.Items("metadata.ownerReferences").Any(o => o.Text("kind") == "DaemonSet");

        var labels = item.Map("metadata.labels");
        return labels.ContainsKey("pod-template-generation")
            || (labels.ContainsKey("controller-revision-hash") && !labels.ContainsKey("statefulset.kubernetes.io/pod-name"));
    }

    /// <summary>An image without its tag and digest.</summary>
    public static string Repository(string image)
    {
        var name = image.Split('@')[0];
        var tag = name.LastIndexOf(':');
        return tag > name.LastIndexOf('/') ? name[..tag] : name;
    }

    private static string Owner(string kind, string name, JsonElement item)
    {
        var dash = name.LastIndexOf('-');
        if (dash <= 0)
            return $"{kind}/{name}";

        var suffix = name[(dash + 1)..];
        return kind switch
        {
            "ReplicaSet" when IsTemplateHash(suffix, item) => "Deployment/" + name[..dash],
            "Job" when IsScheduledTime(suffix) => "CronJob/" + name[..dash],
            _ => $"{kind}/{name}",
        };
    }

    private static string? Ownerless(JsonElement item, IReadOnlyDictionary<string, string> labels)
    {
        if (AppLabels.Select(k => labels.GetValueOrDefault(k)).FirstOrDefault(v => !string.IsNullOrEmpty(v)) is { } app)
            return "App/" + app;
        if (item.Text("spec.serviceAccountName") is { } account && account != "default")
            return "ServiceAccount/" + account;
        return item.Items("spec.containers").Select(c => c.Text("image")).FirstOrDefault(i => i is not null) is { } image
            ? "Image/" + Repository(image)[(Repository(image).LastIndexOf('/') + 1)..]
            : null;
    }

    /// <summary>A CronJob appends the minute for which it made a Job, counted from 1970 (Kubernetes, cronjob controller, getJobName).</summary>
    private static bool IsScheduledTime(string text) => text.Length == 8 && text.All(char.IsAsciiDigit);

    /// <summary>
    /// A Deployment appends the pod template's hash to its name. Its letters avoid vowels and what looks like them
    /// (Kubernetes apimachinery, util/rand), which tells it from a name that somebody chose when the label is missing.
    /// </summary>
    private static bool IsTemplateHash(string text, JsonElement item) =>
        item.Map("metadata.labels").GetValueOrDefault("pod-template-hash") is { } hash
            ? hash == text
            : text.Length is >= 8 and <= 10 && text.All("bcdfghjklmnpqrstvwxz2456789".Contains);
}
