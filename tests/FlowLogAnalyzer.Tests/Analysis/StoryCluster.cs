using FlowLogAnalyzer.Inventory;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;

namespace FlowLogAnalyzer.Tests.Analysis;

/// <summary>
/// The cluster of the mission's story: kubenet, internal load balancer, one node in each of the pools system, ingress and
/// user, one ingress pod. Tests change what they are about before they open the lake.
/// </summary>
internal sealed class StoryCluster : IDisposable
{
    public const string Service = "ingress/ingress-nginx-controller";
    public const string Frontend = "10.10.2.100";
    public const string Client = "10.10.4.4";
    public const string IngressPod = "10.244.1.10";
    public const string AppPod = "10.244.2.20";
    public const int NodePort = 31880;

    public static readonly string[] Pools = ["system", "ingress", "user"];

    public LakeBuilder Lake { get; } = new();

    public string TrafficPolicy { get; set; } = "Cluster";
    public string? Affinity { get; set; }
    public bool SharedProbe { get; set; }
    public bool IsIngressController { get; set; } = true;
    public int ProbePort { get; set; } = NodePort;
    public string Dataplane { get; set; } = "azure";
    public string NetworkMode { get; set; } = "kubenet";
    public string OutboundType { get; set; } = "loadBalancer";

    /// <summary>Pod address and the pool of its node.</summary>
    public List<(string Ip, string Pool)> IngressPods { get; } = [(IngressPod, "ingress")];

    public List<string> Nodes { get; } = [.. Pools];

    /// <summary>Role of a node that is not named after its pool.</summary>
    public Dictionary<string, string> Roles { get; } = new(StringComparer.Ordinal);

    public List<IReadOnlyDictionary<string, object?>> Ingresses { get; } = [];

    public List<IReadOnlyDictionary<string, object?>> Rules { get; } = [];

    public static string Node(string pool) => $"aks-{pool}-12345678-vmss000000";

    public static string Mac(string pool) => $"000D3A0000{Index(pool):D2}";

    public static string Ip(string pool) => $"10.10.{Index(pool)}.4";

    public static Tuple Allow(string pool, bool outbound = false) => new() { Acl = Acl(pool), Outbound = outbound };

    public static Tuple Deny(string pool, string rule = "UserRule_DenyRest", bool outbound = false) => new() { Acl = Acl(pool), Deny = true, Rule = rule, Outbound = outbound };

    /// <summary>Source ports differ by node: one 5-tuple is always hashed to the same one.</summary>
    public static int ClientPort(string pool, double second) => (Index(pool) * 10000) + (int)second;

    /// <summary>The probe at one node, every 5 seconds.</summary>
    public StoryCluster Probes(string pool, double from, double to, bool deny = false)
    {
        for (var s = from; s < to; s += 5)
            Lake.Add(s, Mac(pool), $"168.63.129.16:{61000 + (int)(s / 5)} -> {Ip(pool)}:{ProbePort}", deny ? Deny(pool, "UserRule_DenyVnet") : Allow(pool));
        return this;
    }

    /// <summary>Connections of one client that arrive at one node, one a second.</summary>
    public StoryCluster Clients(string pool, double from, double to, bool deny = false, string client = Client)
    {
        for (var s = from; s < to; s++)
            Lake.Add(s, Mac(pool), $"{client}:{ClientPort(pool, s)} -> {Frontend}:80", deny ? Deny(pool) : Allow(pool));
        return this;
    }

    /// <summary>Second hops from one node to a pod, as the pod's node logs them, every 5 seconds.</summary>
    public StoryCluster Hops(string from, (string Ip, string Pool) pod, (double From, double To) seconds, bool deny = false)
    {
        for (var s = seconds.From; s < seconds.To; s += 5)
            Lake.Add(s, Mac(pod.Pool), $"{Ip(from)}:{50000 + (int)s} -> {pod.Ip}:80", deny ? Deny(pod.Pool) : Allow(pod.Pool));
        return this;
    }

    public FlowLogAnalyzer.Query.LakeDatabase Open()
    {
        AddNodes();
        AddService();
        Lake.Address("168.63.129.16", Row(("kind", "platform"), ("name", "load balancer probe")));
        Lake.Address(Frontend, Row(("kind", "lb_frontend"), ("name", Service), ("service", Service)));
        Lake.Address(Client, Row(("kind", "vm"), ("name", "client-vm"), ("subnet", "snet-clients")));
        Lake.Address(AppPod, Row(("kind", "pod"), ("name", "shop/api-1"), ("pod", "shop/api-1"), ("workload", "api"), ("node", Node("user")), ("pool", "user"), ("role", "user")));
        foreach (var (ip, pool) in IngressPods)
            Lake.Address(ip, Row(("kind", "pod"), ("name", $"ingress/{ip}"), ("pod", $"ingress/{ip}"), ("workload", "ingress-nginx-controller"), ("node", Node(pool)), ("pool", pool), ("role", "ingress")));
        return Lake.Open();
    }

    /// <summary>The findings of one id, its evidence SQL run: it must return as many rows as the finding counts.</summary>
    public IReadOnlyList<FlowLogAnalyzer.Findings.Finding> Check(string id)
    {
        using var database = Open();
        var result = FlowLogAnalyzer.Findings.FindingRunner.Run(database, new() { Only = [id] });
        Assert.Empty(result.Skipped);
        if (result.Findings.Count == 0)
            return [];

        // Over the plain views: nothing that the runner computed once may be needed.
        using var fresh = Lake.Open();
        foreach (var finding in result.Findings)
        {
            using var rows = fresh.Query($"select count(*) from ({finding["sql"]})");
            Assert.Equal(finding.Count, rows.Read().Single()[0]);
            Assert.DoesNotContain("unknown", finding.Explanation, StringComparison.Ordinal);
        }

        return result.Findings;
    }

    public void Dispose() => Lake.Dispose();

    private static int Index(string pool) => pool switch { "system" => 1, "ingress" => 2, "user" => 3, _ => 4 + pool[^1] - '0' };

    private static string Acl(string pool) => $"/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg-{pool}".ToUpperInvariant();

    private string Role(string pool) => Roles.GetValueOrDefault(pool, pool);

    private void AddNodes()
    {
        foreach (var pool in Nodes)
        {
            Lake.Address(Ip(pool), Row(("kind", "node"), ("name", Node(pool)), ("node", Node(pool)), ("pool", pool), ("role", Role(pool)), ("subnet", $"snet-{pool}")));
            Lake.With(InventorySchema.Nodes, Row(("node", Node(pool)), ("ip", Ip(pool)), ("pool", pool), ("role", Role(pool)), ("pod_cidr", $"10.244.{Index(pool) - 1}.0/24")));
            Lake.With(InventorySchema.Nics, Row(("mac", Mac(pool)), ("kind", "node"), ("node", Node(pool)), ("name", Node(pool)), ("ip", Ip(pool)), ("subnet", $"snet-{pool}"), ("subnet_nsg", $"nsg-{pool}"), ("pool", pool), ("role", Role(pool))));
            Lake.With(InventorySchema.Nsgs, Row(("nsg", $"nsg-{pool}"), ("acl_key", Acl(pool).ToLowerInvariant()), ("nsg_id", Acl(pool)), ("aks_managed", false)));
            Lake.With(InventorySchema.Backends, Row(("service", Service), ("node", Node(pool)), ("ip", Ip(pool))));
        }
    }

    private void AddService()
    {
        Lake.With(InventorySchema.Clusters, Row(("cluster", "aks-story"), ("network_mode", NetworkMode), ("dataplane", Dataplane), ("pod_cidr", "10.244.0.0/16"), ("service_cidr", "10.0.0.0/16"), ("outbound_type", OutboundType)));
        Lake.With(InventorySchema.Services, Row(("service", Service), ("type", "LoadBalancer"), ("traffic_policy", TrafficPolicy), ("affinity", Affinity), ("shared_probe", SharedProbe), ("ingress_controller", IsIngressController), ("floating_ip", true), ("internal", true)));
        Lake.With(InventorySchema.ServicePorts, Row(("service", Service), ("protocol", 6), ("port", 80), ("node_port", NodePort)));
        Lake.With(InventorySchema.Frontends, Row(("service", Service), ("ip", Frontend), ("port", 80), ("protocol", 6), ("floating_ip", true), ("internal", true)));
        Lake.With(InventorySchema.Probes, Row(("service", Service), ("port", 80), ("probe_port", ProbePort), ("protocol", "Tcp"), ("interval_seconds", 5), ("threshold", 2), ("kind", "node-port")));
        foreach (var (ip, pool) in IngressPods)
            Lake.With(InventorySchema.Endpoints, Row(("service", Service), ("port", 80), ("ip", ip), ("target_port", 80), ("node", Node(pool)), ("pod", $"ingress/{ip}"), ("ready", true)));
        Lake.With(InventorySchema.Ingresses, [.. Ingresses]);
        Lake.With(InventorySchema.NsgRules, [.. Rules]);
    }
}
