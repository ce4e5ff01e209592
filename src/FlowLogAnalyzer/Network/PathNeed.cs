using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Network;

/// <summary>What a flow is for on the way of a request.</summary>
public enum NeedKind
{
    /// <summary>The load balancer's health probe to a node.</summary>
    Probe,

    /// <summary>A client's connection as it arrives at the node that the load balancer chose.</summary>
    Client,

    /// <summary>From that node to a pod on another node, with the node's address.</summary>
    SecondHop,

    /// <summary>From an ingress pod to a pod of the application.</summary>
    AppHop,
}

/// <summary>A flow that has to pass one NIC for a Service to work.</summary>
public sealed record PathNeed(NeedKind Kind, NicPlace Nic, FlowKey Flow)
{
    /// <summary>For a second hop, the node that forwards; else the node of the NIC.</summary>
    public required string Node { get; init; }

    /// <summary>For a second hop, the pod.</summary>
    public string? Endpoint { get; init; }
}

/// <summary>The flows that a Service needs, at every NIC on the way.</summary>
internal static class PathNeeds
{
    /// <summary>A port like those that senders choose; no rule is expected to name it.</summary>
    private const ushort AnySourcePort = 50_000;

    public static IEnumerable<PathNeed> Probes(ServicePath path, NetworkState state)
    {
        if (path.ProbePort is not { } port)
            yield break;

        // What probes an IPv6 address is link-local and passes no NSG.
        foreach (var backend in path.Backends.Where(b => !ServicePath.Address(b.Ip).IsIPv6))
        {
            if (state.NicOfNode(backend.Node) is { } nic)
                yield return new PathNeed(NeedKind.Probe, nic, Flow(Direction.Inbound, "168.63.129.16", backend.Ip, port)) { Node = backend.Node };
        }
    }

    /// <summary>What nodes forward to pods on other nodes; nothing in Local mode.</summary>
    public static IEnumerable<PathNeed> SecondHops(ServicePath path, NetworkState state)
    {
        foreach (var backend in path.IsLocal ? [] : path.Backends)
        {
            foreach (var endpoint in path.Endpoints.Where(e => e.Node != backend.Node && ServicePath.Address(e.Ip).IsIPv6 == ServicePath.Address(backend.Ip).IsIPv6))
            {
                if (state.NicOfNode(backend.Node) is { } from)
                    yield return Hop(from, Direction.Outbound, backend, endpoint, path.Protocol);
                if (state.NicOfNode(endpoint.Node) is { } to)
                    yield return Hop(to, Direction.Inbound, backend, endpoint, path.Protocol);
            }
        }
    }

    /// <summary>A client at every backend that gets connections: all of them, in Local mode those with a pod.</summary>
    public static IEnumerable<PathNeed> Clients(ServicePath path, NetworkState state, IEnumerable<string> clients)
    {
        var backends = path.Backends.Where(b => !path.IsLocal || path.Endpoints.Any(e => e.Node == b.Node)).ToList();
        foreach (var client in clients)
        {
            foreach (var backend in backends)
            {
                if (state.NicOfNode(backend.Node) is not { } nic)
                    continue;

                foreach (var flow in Arrivals(path, client, backend))
                    yield return new PathNeed(NeedKind.Client, nic, flow) { Node = backend.Node };
            }
        }
    }

    public static PathNeed AppHop(NicPlace nic, in FlowKey flow) => new(NeedKind.AppHop, nic, flow) { Node = nic.Node ?? nic.Name };

    public static FlowKey Flow(Direction direction, string source, string destination, int port, int protocol = IpProtocols.Tcp) =>
        new(direction, (byte)protocol, ServicePath.Address(source), AnySourcePort, ServicePath.Address(destination), (ushort)port);

    private static IEnumerable<FlowKey> Arrivals(ServicePath path, string client, PathBackend backend) =>
        path.FloatingIp ? path.Frontends.Where(f => IpAddressKey.TryParse(f, out var key) && key.IsIPv6 == ServicePath.Address(client).IsIPv6)
            .Select(f => Flow(Direction.Inbound, client, f, path.Port, path.Protocol))
        : path.NodePort is { } nodePort ? [Flow(Direction.Inbound, client, backend.Ip, nodePort, path.Protocol)]
        : [];

    private static PathNeed Hop(NicPlace nic, Direction direction, PathBackend backend, PathEndpoint endpoint, int protocol) =>
        new(NeedKind.SecondHop, nic, Flow(direction, backend.Ip, endpoint.Ip, endpoint.TargetPort, protocol)) { Node = backend.Node, Endpoint = endpoint.Ip };
}
