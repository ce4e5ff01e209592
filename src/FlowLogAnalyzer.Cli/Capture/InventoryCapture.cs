using System.Text.Json;

namespace FlowLogAnalyzer.Cli.Capture;

/// <summary>Asks kubectl and az what the cluster and its network are, and writes their answers to a folder as they are.</summary>
internal sealed class InventoryCapture(ExternalTool? kubectl, ExternalTool? az, string folder, Action<string> tell)
{
    private const string KubernetesKinds = "nodes,services,endpointslices,pods,ingresses,ingressclasses,networkpolicies";

    /// <summary>File name and az command; lists are of the subscription that az is set to.</summary>
    private static readonly (string File, string Arguments)[] AzureLists =
    [
        ("aks", "aks list"),
        ("nsg", "network nsg list"),
        ("vnet", "network vnet list"),
        ("route-table", "network route-table list"),
        ("lb", "network lb list"),
        ("public-ip", "network public-ip list"),
        ("nic", "network nic list"),
        ("vmss", "vmss list"),
    ];

    private readonly List<ToolRun> _runs = [];

    public IReadOnlyList<ToolRun> Runs => _runs;

    public async Task RunAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        if (kubectl is not null)
            await RunAsync(kubectl, "kubernetes", ["get", KubernetesKinds, "--all-namespaces", "-o", "json"], ct);
        if (az is null)
            return;

        foreach (var (file, arguments) in AzureLists)
            await RunAsync(az, file, [.. arguments.Split(' '), "-o", "json"], ct);

        // NICs of scale sets carry the MACs by which a flow is led to its node; no list of the subscription has them.
        foreach (var set in Objects("vmss"))
        {
            if (set.Name is not null && set.Group is not null)
                await RunAsync(az, $"vmss-nic-{set.Group}-{set.Name}", ["vmss", "nic", "list", "-g", set.Group, "--vmss-name", set.Name, "-o", "json"], ct);
        }

        foreach (var location in Objects("vnet").Concat(Objects("nsg")).Select(o => o.Location).OfType<string>().Distinct().Order(StringComparer.Ordinal))
            await RunAsync(az, $"flow-log-{location}", ["network", "watcher", "flow-log", "list", "--location", location, "-o", "json"], ct);
    }

    private async Task RunAsync(ExternalTool tool, string file, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var run = await tool.RunAsync(arguments, Path.Combine(folder, file + ".json"), ct);
        _runs.Add(run);
        tell(run.Succeeded ? run.CommandLine : $"{run.CommandLine}: {run.Error}");
    }

    private IEnumerable<AzureObject> Objects(string file)
    {
        var path = Path.Combine(folder, file + ".json");
        if (!File.Exists(path))
            return [];

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            return [];

        return [.. document.RootElement.EnumerateArray().Select(o => new AzureObject(Text(o, "name"), Text(o, "resourceGroup"), Text(o, "location")))];
    }

    private static string? Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record AzureObject(string? Name, string? Group, string? Location);
}
