using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Resolving;

namespace FlowLogAnalyzer.Tests.Inventory;

/// <summary>The synthetic exports of Cases/inventory: one small cluster, kubectl and az in both JSON forms.</summary>
internal static class InventoryCases
{
    public static readonly DateTime AsOf = new(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc);

    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Cases", "inventory", name);

    public static InventoryImport Import(params string[] names) => InventoryImporter.Import(names.Select(Path), AsOf);

    public static ClusterInventory Build(params string[] names) => ClusterInventory.Build(Import(names).Documents);

    public static IReadOnlyList<Dictionary<string, object?>> Rows(this ClusterInventory inventory, string table)
    {
        var found = inventory.Tables.Single(t => t.Shape.Name == table);
        return [.. found.Rows.Select(r => found.Shape.Columns.Zip(r).ToDictionary(p => p.First.Name, p => p.Second))];
    }

    /// <summary>The rows of a table as text, for comparing whole tables.</summary>
    public static string Text(this ClusterInventory inventory) => string.Join('\n', inventory.Tables.Select(t =>
        t.Shape.Name + "\n" + string.Join('\n', t.Rows.Select(r => "  " + string.Join(" | ", r.Select(c => Convert.ToString(c, CultureInfo.InvariantCulture)))))));

    public static IReadOnlyList<AddressRow> Resolve(this ClusterInventory inventory, string ip) =>
        inventory.Resolve(IpAddressKey.TryParse(ip, out var key) ? key : throw new FormatException(ip));

    public static AddressRow ResolveAt(this ClusterInventory inventory, string ip, DateTime time) =>
        inventory.Resolve(ip).Single(r => r.From <= time && time < r.To);

    public static AddressRow ResolveNow(this ClusterInventory inventory, string ip) => inventory.ResolveAt(ip, AsOf);

    public static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
}

/// <summary>Snapshots written as a user keeps them: one folder per capture, one file per command.</summary>
internal sealed class Snapshots : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("flowlog-inventory-").FullName;

    public string Root => _root;

    public Snapshots Add(string time, params object[] contents)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, InventoryCases.Time(time).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)));
        foreach (var content in contents)
            File.WriteAllText(Path.Combine(folder.FullName, $"{folder.GetFiles().Length}.json"), content as string ?? JsonSerializer.Serialize(content));

        return this;
    }

    public ClusterInventory Build(InventoryOptions? options = null) => ClusterInventory.Build(InventoryImporter.Import([_root]).Documents, options);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}

/// <summary>Kubernetes objects in the fewest words.</summary>
internal static class Kube
{
    public static object List(params object[] items) => new { apiVersion = "v1", kind = "List", items };

    public static object TypedList(string kind, params object[] items) => new { apiVersion = "v1", kind, items };

    public static object Node(string name, string ip, string created = "2026-01-01T00:00:00Z", Dictionary<string, string>? labels = null, object[]? taints = null, string? uid = null) => new
    {
        apiVersion = "v1",
        kind = "Node",
        metadata = new { name, uid = uid ?? "uid-" + name, creationTimestamp = created, labels = labels ?? [] },
        spec = new { taints = taints ?? [] },
        status = new { addresses = new[] { new { type = "InternalIP", address = ip } } },
    };

    public static object Pod(string name, string ip, string created, string node = "n1", string space = "shop", string phase = "Running", string? finished = null, Dictionary<string, string>? labels = null, Dictionary<string, string>? selector = null) => new
    {
        apiVersion = "v1",
        kind = "Pod",
        metadata = new { name, @namespace = space, uid = "uid-" + name, creationTimestamp = created, labels = labels ?? [] },
        spec = new { nodeName = node, nodeSelector = selector ?? [] },
        status = new { phase, podIP = ip, containerStatuses = finished is null ? [] : new[] { new { state = new { terminated = new { finishedAt = finished } } } } },
    };

    public static object Service(object spec, Dictionary<string, string>? annotations = null, string name = "web", string uid = "svc-web", string[]? ips = null) => new
    {
        apiVersion = "v1",
        kind = "Service",
        metadata = new { name, @namespace = "shop", uid, creationTimestamp = "2026-01-01T00:00:00Z", annotations = annotations ?? [] },
        spec,
        status = new { loadBalancer = new { ingress = (ips ?? ["10.1.0.100"]).Select(ip => new { ip }) } },
    };

    public static object LoadBalancerSpec(string policy = "Cluster", int? health = null, string? app = null, string protocol = "TCP") => new
    {
        type = "LoadBalancer",
        externalTrafficPolicy = policy,
        healthCheckNodePort = health,
        ports = new[] { new { name = "http", port = 80, nodePort = 31880, protocol, appProtocol = app } },
    };
}
