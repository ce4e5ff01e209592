using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Reach;

/// <summary>Something that listens, as far as the inventory or the log knows.</summary>
public sealed record ReachService(byte Protocol, ushort Port, string Name);

/// <summary>A place that a connection can go to.</summary>
internal sealed record ReachTarget(string Name, string Kind, IpAddressKey Address)
{
    /// <summary>What it is one of: <c>user nodes</c>, <c>pods of shop/api</c>, <c>machines of snet-clients</c>.</summary>
    public required string Group { get; init; }

    /// <summary>The NICs that such a connection may arrive at: one for a host, every backend's for a frontend, none for the internet.</summary>
    public required IReadOnlyList<NicPlace> Nics { get; init; }

    public IReadOnlyList<ReachService> Services { get; init; } = [];

    public NicPlace? Nic => Nics.Count == 1 ? Nics[0] : null;
}

/// <summary>All places of the network at one time, with what listens there.</summary>
internal sealed class ReachTargets
{
    private const ushort Ssh = 22;
    private const ushort Kubelet = 10250;

    private readonly ReachContext _context;
    private readonly ILookup<string, ReachService> _seen;
    private readonly ILookup<string, ReachService> _endpoints;
    private readonly List<ReachService> _onNodes;

    public ReachTargets(ReachContext context)
    {
        _context = context;
        _seen = Seen(context.Database);
        _endpoints = At(InventorySchema.Endpoints).Where(e => e.Text("ip") is not null && e.Number("target_port") is not null)
            .Select(e => (Ip: e.Text("ip")!, Service: new ReachService(Protocol(e), (ushort)e.Number("target_port")!.Value, e.Text("service")!))).Distinct().ToLookup(e => e.Ip, e => e.Service, StringComparer.Ordinal);
        _onNodes =
        [
            new ReachService(IpProtocols.Tcp, Ssh, "SSH"), new ReachService(IpProtocols.Tcp, Kubelet, "kubelet"),
            .. At(InventorySchema.ServicePorts).Where(p => p.Number("node_port") is > 0)
                .Select(p => new ReachService((byte)(p.Number("protocol") ?? IpProtocols.Tcp), (ushort)p.Number("node_port")!.Value, $"node port of {p.Text("service")}")),
        ];
    }

    /// <param name="fromInside">Inside of the cluster frontends are no places: the service proxy goes to the pods at once.</param>
    public IReadOnlyList<ReachTarget> All(bool fromInside) =>
        [.. Hosts(), .. Pods(), .. fromInside ? [] : Frontends(), Internet()];

    private IEnumerable<ReachTarget> Hosts() => _context.State.Nics.Where(n => n.Ip is not null).Select(nic => new ReachTarget(nic.Name, nic.Node is null ? AddressKinds.Vm : AddressKinds.Node, ServicePath.Address(nic.Ip!))
    {
        Group = nic.Node is null ? $"machines of {nic.Subnet ?? "unknown subnets"}" : $"{nic.Role ?? "unknown"} nodes",
        Nics = [nic],
        Services = Listening(nic.Ip!, nic.Node is null ? [] : _onNodes),
    });

    private IEnumerable<ReachTarget> Pods() => At(InventorySchema.Pods).Where(p => p.Text("ip") is not null && !p.Flag("host_network") && _context.State.NicOfNode(p.Text("node")) is not null)
        .Select(pod => new ReachTarget(pod.Text("pod")!, AddressKinds.Pod, ServicePath.Address(pod.Text("ip")!))
        {
            Group = $"pods of {pod.Text("workload") ?? "no workload"}",
            Nics = [_context.State.NicOfNode(pod.Text("node"))!],
            Services = Listening(pod.Text("ip")!, []),
        });

    private IEnumerable<ReachTarget> Frontends() => ServicePath.All(_context.Inventory, _context.At).SelectMany(path => path.Frontends.Select(frontend => new ReachTarget($"{path.Name} at {frontend}", AddressKinds.Frontend, ServicePath.Address(frontend))
    {
        Group = "load-balancer frontends",
        Nics = [.. path.Backends.Select(b => _context.State.NicOfNode(b.Node)).OfType<NicPlace>()],
        Services = [new ReachService((byte)path.Protocol, (ushort)path.Port, path.Service)],
    }));

    /// <summary>One public address that no rule names stands for all of these; what listens there is nobody's to say.</summary>
    private ReachTarget Internet()
    {
        var named = _context.State.Nsgs.SelectMany(n => n.Rules).SelectMany(r => r.Destination.Prefixes).Where(p => AddressRange.TryParse(p, out var range) && range != AddressRange.AllIPv4)
            .Select(p => AddressRange.TryParse(p, out var range) ? range : default).ToList();
        var address = Enumerable.Range(1, 200).Select(i => ServicePath.Address($"{(i % 100) + 64}.{i}.7.9")).First(a => !named.Exists(r => r.Contains(a)));
        return new ReachTarget("the internet", AddressKinds.Public, address)
        {
            Group = "the internet",
            Nics = [],
        };
    }

    private IReadOnlyList<InventoryRow> At(TableShape table) => _context.Inventory.At(table, _context.At);

    private List<ReachService> Listening(string ip, IEnumerable<ReachService> known) =>
        [.. known.Concat(_endpoints[ip]).Concat(_seen[ip]).DistinctBy(s => (s.Protocol, s.Port)).OrderBy(s => s.Protocol).ThenBy(s => s.Port)];

    /// <summary>Where connections were let in, something may listen; high ports are answers whose direction was mistaken.</summary>
    private static ILookup<string, ReachService> Seen(LakeDatabase database)
    {
        using var rows = database.Read($"""
            select dst_ip, protocol::integer, dst_port::integer from new_flows
            where direction = 'Inbound' and decision = 'Allow' and protocol in ({IpProtocols.Tcp}, {IpProtocols.Udp}) and dst_port between 1 and 32767 and dst_kind in ('node', 'pod', 'pod_unknown', 'vm', 'vnet')
            group by all having count(*) > 1 order by all
            """, null);
        return rows.Read().Select(r => (Ip: (string)r[0]!, Service: new ReachService((byte)(long)r[1]!, (ushort)(long)r[2]!, "in use"))).ToList().ToLookup(r => r.Ip, r => r.Service, StringComparer.Ordinal);
    }

    private static byte Protocol(InventoryRow endpoint) => endpoint.Text("service") is { } service && service.EndsWith("/kube-dns", StringComparison.Ordinal) ? IpProtocols.Udp : IpProtocols.Tcp;
}
