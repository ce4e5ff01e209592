using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg.Evaluation;

namespace FlowLogAnalyzer.Network;

/// <summary>A needed flow that the rules refuse.</summary>
public sealed record RefusedNeed(PathNeed Need, NsgDecision Decision)
{
    /// <summary>nsg/rule, or the admin rule.</summary>
    public string By => Decision.Nsg is { } nsg ? $"{nsg.Name}/{Decision.Rule?.Name}" : $"security admin rule {Decision.Admin.Rule?.Name}";
}

/// <summary>One backend of a Service by the rules.</summary>
public sealed record BackendHealth(string Node)
{
    public bool ProbeRefused { get; init; }

    /// <summary>Share of the pods that the node must reach over the network and may not, 0 to 1.</summary>
    public double Unreachable { get; init; }

    /// <summary>Share of time that the load balancer takes the node for healthy, 0 to 1.</summary>
    public double Up { get; init; }
}

/// <summary>
/// What the rules make of a Service: the load balancer hashes each new connection to a healthy backend, and a connection fails
/// when that node refuses the client, or, in Cluster mode, may not reach the pod it picks. A node is healthy when its probe
/// passes: in Cluster mode the probe is forwarded to a pod as well, and two answers in a row turn the state either way
/// (Azure docs, load-balancer-custom-probe-overview; Kubernetes docs, virtual-ips).
/// </summary>
public sealed record ServiceHealth
{
    public required ServicePath Path { get; init; }

    public required IReadOnlyList<BackendHealth> Backends { get; init; }

    /// <summary>Share of each client's new connections that fail, 0 to 1; with client affinity, the chance that it is all of them.</summary>
    public required IReadOnlyDictionary<string, double> Shares { get; init; }

    public required IReadOnlyList<RefusedNeed> Refused { get; init; }

    /// <summary>Of the client that is worst off; without clients, what any client would see.</summary>
    public double WorstShare => Shares.Count > 0 ? Shares.Values.Max() : 0;

    public IEnumerable<string> Healthy => Backends.Where(b => b.Up > 0.999).Select(b => b.Node);

    public IEnumerable<string> Flapping => Backends.Where(b => b.Up is > 0.001 and <= 0.999).Select(b => b.Node);

    public IEnumerable<string> Unhealthy => Backends.Where(b => b.Up <= 0.001).Select(b => b.Node);

    public static ServiceHealth Of(ServicePath path, NetworkState state, IReadOnlyCollection<string> clients)
    {
        var probes = Refusals(PathNeeds.Probes(path, state), state);
        var hops = Refusals(PathNeeds.SecondHops(path, state), state);
        var arrivals = Refusals(PathNeeds.Clients(path, state, clients), state);
        var backends = path.Backends.Select(b => Backend(path, b.Node, probes, hops)).ToList();
        return new ServiceHealth
        {
            Path = path,
            Backends = backends,
            Shares = clients.Distinct().Order(StringComparer.Ordinal).ToDictionary(c => c, c => Share(path, backends, Refusing(arrivals, c)), StringComparer.Ordinal),
            Refused = [.. probes, .. hops, .. arrivals],
        };
    }

    private static BackendHealth Backend(ServicePath path, string node, List<RefusedNeed> probes, List<RefusedNeed> hops)
    {
        var lost = hops.Where(h => h.Need.Node == node).Select(h => h.Need.Endpoint).Distinct().Count();
        var health = new BackendHealth(node)
        {
            ProbeRefused = probes.Any(p => p.Need.Node == node),
            Unreachable = path.Endpoints.Count == 0 ? 0 : (double)lost / path.Endpoints.Count,
        };
        return health with { Up = UpShare(path, health) };
    }

    private static double UpShare(ServicePath path, BackendHealth health)
    {
        if (health.ProbeRefused)
            return 0;
        if (path.IsLocal)
            return path.Endpoints.Any(e => e.Node == health.Node) ? 1 : 0;

        var u = health.Unreachable;
        if (path.SharedProbe || u <= 0)
            return 1;
        if (u >= 1)
            return 0;

        // Two failures in a row turn a node down, two successes turn it up: mean times between these by renewal theory.
        var up = (1 + u) / (u * u);
        return up / (up + ((2 - u) / ((1 - u) * (1 - u))));
    }

    private static HashSet<string> Refusing(List<RefusedNeed> arrivals, string client) =>
        [.. arrivals.Where(a => a.Need.Flow.Source == ServicePath.Address(client)).Select(a => a.Need.Node)];

    private static double Share(ServicePath path, List<BackendHealth> backends, HashSet<string> refusing)
    {
        var up = backends.Sum(b => b.Up);
        return backends.Count == 0 ? 0
            : up <= 0 ? 1
            : backends.Sum(b => b.Up * (refusing.Contains(b.Node) ? 1 : path.IsLocal ? 0 : b.Unreachable)) / up;
    }

    private static List<RefusedNeed> Refusals(IEnumerable<PathNeed> needs, NetworkState state) =>
        [.. needs.Select(n => new RefusedNeed(n, state.Decide(n.Nic, n.Flow))).Where(r => r.Decision.Decision == Decision.Deny)];
}
