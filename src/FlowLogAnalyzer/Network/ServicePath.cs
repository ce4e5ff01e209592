using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Network;

/// <summary>A node that the load balancer may choose.</summary>
public sealed record PathBackend(string Node, string Ip);

/// <summary>A ready pod of the Service.</summary>
public sealed record PathEndpoint(string Ip, int TargetPort, string Node);

/// <summary>One port of a load-balancer Service at one time: where its traffic goes.</summary>
public sealed record ServicePath
{
    /// <summary>namespace/name.</summary>
    public required string Service { get; init; }

    public required int Port { get; init; }

    /// <summary>IANA number.</summary>
    public int Protocol { get; init; } = 6;

    public required IReadOnlyList<string> Frontends { get; init; }

    /// <summary>With it the NSG sees the frontend's address and port, without it the node's and the node port.</summary>
    public bool FloatingIp { get; init; } = true;

    public bool Internal { get; init; }

    public int? NodePort { get; init; }

    public bool IsLocal { get; init; }

    /// <summary>The probe asks kube-proxy, not the Service.</summary>
    public bool SharedProbe { get; init; }

    /// <summary>A client always goes to the same node.</summary>
    public bool ClientAffinity { get; init; }

    /// <summary>Null when the port has no probe: then every backend counts as healthy.</summary>
    public int? ProbePort { get; init; }

    public IReadOnlyList<PathBackend> Backends { get; init; } = [];

    public IReadOnlyList<PathEndpoint> Endpoints { get; init; } = [];

    /// <summary>As findings call it: <c>namespace/name:53/udp</c>; TCP is not named.</summary>
    public string Name => $"{Service}:{Port}{(Protocol == IpProtocols.Tcp ? "" : $"/{IpProtocols.Name((byte)Protocol).ToLowerInvariant()}")}";

    public IEnumerable<string> EndpointNodes => Endpoints.Select(e => e.Node).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Every port of every load-balancer Service that has a frontend, by name and port.</summary>
    public static IReadOnlyList<ServicePath> All(ClusterInventory inventory, DateTime at)
    {
        var frontends = inventory.At(InventorySchema.Frontends, at).GroupBy(f => (Service: f.Text("service")!, Port: f.Number("port") ?? 0, Protocol: ProtocolOf(f)));
        return [.. frontends.OrderBy(g => g.Key.Service, StringComparer.Ordinal).ThenBy(g => g.Key.Port).ThenBy(g => g.Key.Protocol).Select(g => Read(inventory, at, g.Key.Service, [.. g]))];
    }

    private static ServicePath Read(ClusterInventory inventory, DateTime at, string service, List<InventoryRow> frontends)
    {
        var (port, protocol) = (frontends[0].Number("port") ?? 0, ProtocolOf(frontends[0]));
        InventoryRow[] facts = [.. inventory.At(InventorySchema.Services, at).Where(s => s.Text("service") == service)];
        InventoryRow? known = facts.Length > 0 ? facts[^1] : null;
        return new ServicePath
        {
            Service = service,
            Port = port,
            Protocol = protocol,
            Frontends = [.. frontends.Select(f => f.Text("ip")!).Distinct().Order(StringComparer.Ordinal)],
            FloatingIp = frontends[0].Flag("floating_ip"),
            Internal = frontends[0].Flag("internal"),
            NodePort = Of(inventory, InventorySchema.ServicePorts, at, service, port).Where(p => ProtocolOf(p) == protocol).Select(p => p.Number("node_port")).LastOrDefault(),
            IsLocal = known?.Text("traffic_policy") == "Local",
            SharedProbe = known?.Flag("shared_probe") ?? false,
            ClientAffinity = known?.Text("affinity") == "ClientIP" || frontends[0].Text("distribution") is "SourceIP" or "SourceIPProtocol",
            ProbePort = Of(inventory, InventorySchema.Probes, at, service, port).Select(p => p.Number("probe_port")).LastOrDefault(),
            Backends = [.. inventory.At(InventorySchema.Backends, at).Where(b => b.Text("service") == service && b.Text("ip") is not null)
                .Select(b => new PathBackend(b.Text("node")!, b.Text("ip")!)).Distinct().OrderBy(b => b.Node, StringComparer.Ordinal)],
            Endpoints = [.. Of(inventory, InventorySchema.Endpoints, at, service, port).Where(e => ProtocolOf(e) == protocol && e.Flag("ready") && e.Text("node") is not null)
                .Select(e => new PathEndpoint(e.Text("ip")!, e.Number("target_port") ?? port, e.Text("node")!)).Distinct().OrderBy(e => e.Ip, StringComparer.Ordinal)],
        };
    }

    /// <summary>IANA number; a table that does not say means TCP.</summary>
    private static int ProtocolOf(InventoryRow row) => row.Number("protocol") ?? IpProtocols.Tcp;

    private static IEnumerable<InventoryRow> Of(ClusterInventory inventory, TableShape shape, DateTime at, string service, int port) =>
        inventory.At(shape, at).Where(r => r.Text("service") == service && r.Number("port") == port);

    internal static IpAddressKey Address(string ip) =>
        IpAddressKey.TryParse(ip, out var key) ? key : throw new ArgumentException($"'{ip}' is not an IP address.", nameof(ip));
}
