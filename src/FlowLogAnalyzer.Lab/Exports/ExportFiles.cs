using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

/// <summary>Writes what a user would export at one moment: kubectl lists and az answers, one file per command.</summary>
internal static class ExportFiles
{
    private static readonly JsonSerializerOptions Kubectl = new() { WriteIndented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Az = new() { WriteIndented = true, IndentSize = 2, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string FolderName(DateTimeOffset capture) => capture.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public static void Write(string folder, ExportScene scene)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in Kubernetes(scene))
            File.WriteAllText(Path.Combine(folder, name + ".json"), content.ToJsonString(Kubectl) + "\n");
        foreach (var (name, content) in Azure(scene))
            File.WriteAllText(Path.Combine(folder, name + ".json"), content.ToJsonString(Az) + "\n");
    }

    private static IEnumerable<(string Name, JsonNode Content)> Kubernetes(ExportScene scene) =>
    [
        ("nodes", Json.List(NodeExport.All(scene))),
        ("services", Json.List(ServiceExport.Services(scene))),
        ("endpointslices", Json.List(ServiceExport.EndpointSlices(scene))),
        ("pods", Json.List(PodExport.All(scene))),
        ("ingresses", Json.List(IngressExport.Ingresses(scene))),
        ("ingressclasses", Json.List(IngressExport.Classes(scene))),
    ];

    private static IEnumerable<(string Name, JsonNode Content)> Azure(ExportScene scene)
    {
        yield return ("aks", AksExport.Cluster(scene));
        yield return ("nsg-list", NsgExport.All(scene));
        yield return ("vnet-list", VnetExport.Vnets(scene));
        yield return ("route-table-list", VnetExport.RouteTables(scene));
        yield return ("lb-list", LoadBalancerExport.All(scene));
        yield return ("public-ip-list", LoadBalancerExport.PublicIps());
        yield return ("nic-list", NicExport.Clients(scene));
        foreach (var vmss in scene.Cluster.Nodes.Select(n => n.Vmss).Distinct().Order(StringComparer.Ordinal))
            yield return ($"vmss-nic-list-{vmss}", NicExport.ScaleSet(scene, vmss));
        yield return ("flow-log-list", FlowLogExport.All(scene));
        if (scene.Changes.Count > 0)
            yield return ("activity-log", scene.Changes);
    }
}

/// <summary>What the exports show: the cluster, the rules in force, and the format of the flow logs.</summary>
internal sealed record ExportScene(LabCluster Cluster, NsgSet Rules, Flows.LogFormat Format, DateTimeOffset Start)
{
    /// <summary>Entries of the Activity Log since the export before.</summary>
    public JsonArray Changes { get; init; } = [];

    public string MinutesBefore(int minutes) => (Start - TimeSpan.FromMinutes(minutes)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>When the cluster was made: two months before the simulation.</summary>
    public string Created(int daysLater = 0) => (Start - TimeSpan.FromDays(60 - daysLater)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
