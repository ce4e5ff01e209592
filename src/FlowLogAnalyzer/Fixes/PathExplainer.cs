using System.Globalization;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Fixes;

/// <summary><c>explain SRC DST PORT</c>: every NIC that a connection passes, what each NSG says there, and what was logged.</summary>
public sealed class PathExplainer
{
    private readonly NetworkState _state;
    private readonly FlowNames _names;
    private readonly HopLog _log;
    private readonly DateTime _at;
    private readonly ClusterInventory _inventory;

    public PathExplainer(LakeDatabase database, NetworkModel model, DateTime at)
    {
        (_state, _at, _inventory) = (model.At(at), at, model.Inventory);
        _names = new FlowNames(model.Inventory);
        _log = new HopLog(database);
    }

    /// <param name="source">An address.</param>
    /// <param name="destination">An address: a frontend, a node, a pod or anything else.</param>
    /// <param name="port">TCP unless a Service says otherwise.</param>
    /// <exception cref="ArgumentException">One of the two is not an IP address.</exception>
    public PathExplanation Explain(string source, string destination, int port)
    {
        _ = ServicePath.Address(source);
        _ = ServicePath.Address(destination);
        var path = ServicePath.All(_inventory, _at).FirstOrDefault(p => p.Port == port && p.Frontends.Contains(destination));
        var hops = path is null ? Direct(source, destination, port) : Through(path, source, destination);
        return new PathExplanation
        {
            Source = source,
            Destination = destination,
            Port = port,
            At = _at,
            Summary = [.. Intro(source, destination, port, path), .. path is null ? DirectSummary(hops) : ServiceSummary(path, source)],
            Hops = hops,
        };
    }

    /// <summary>The way that a finding's first refused row was on, by the rules of that time; null when it is not about refused flows.</summary>
    public static PathExplanation? OfFinding(Finding finding, LakeDatabase database, NetworkModel model)
    {
        if (finding["sql"] is not string || FindingTargets.Of(finding, database, model) is not { Count: > 0 } targets)
            return null;

        var target = targets.MaxBy(t => t.Rows)!;
        return new PathExplainer(database, model, target.LastSeen).Explain(target.Flow.Source.ToString(), target.Flow.Destination.ToString(), target.Flow.DestinationPort);
    }

    private List<HopGroup> Direct(string source, string destination, int port) =>
    [
        new("From the sender to the receiver",
        [
            Check("the sender's NIC, out", _state.NicByAddress(source), PathNeeds.Flow(Direction.Outbound, source, destination, port)),
            Check("the receiver's NIC, in", _state.NicByAddress(destination), PathNeeds.Flow(Direction.Inbound, source, destination, port)),
        ]),
    ];

    private List<HopGroup> Through(ServicePath path, string client, string frontend)
    {
        var arrivals = PathNeeds.Clients(path with { Frontends = [frontend] }, _state, [client]).ToList();
        var groups = new List<HopGroup>
        {
            new("1. The client sends to the load balancer", [Check("the client's NIC, out", _state.NicByAddress(client), PathNeeds.Flow(Direction.Outbound, client, frontend, path.Port, path.Protocol))]),
            new("2. The load balancer hands it to one of the healthy nodes", [.. arrivals.Select(n => Check($"{n.Node}, in", n.Nic, n.Flow))]),
            new("3. The node is healthy when its probe passes", [.. PathNeeds.Probes(path, _state).Select(n => Check($"{n.Node}, in", n.Nic, n.Flow))]),
        };
        if (!path.IsLocal)
            groups.Add(new($"4. The node passes it on to a pod, with its own address (Cluster mode)", [.. PathNeeds.SecondHops(path, _state)
                .Select(n => Check($"{n.Node} to pod {n.Endpoint}, {(n.Flow.Direction == Direction.Outbound ? "out" : "in")} at {n.Nic.Name}", n.Nic, n.Flow))]));
        if (AppHops(path) is { Count: > 0 } apps)
            groups.Add(new($"{groups.Count + 1}. The pod calls the application", apps));
        return groups;
    }

    /// <summary>From the pods of an ingress controller to the pods of the Services that its Ingress objects name.</summary>
    private List<HopCheck> AppHops(ServicePath path)
    {
        var backends = _inventory.At(InventorySchema.Ingresses, _at).Where(i => i.Text("service") == path.Service).SelectMany(i => i.Texts("backend_services")).ToHashSet(StringComparer.Ordinal);
        var pods = _inventory.At(InventorySchema.Endpoints, _at).Where(e => e.Flag("ready") && backends.Contains(e.Text("service") ?? ""))
            .Select(e => new PathEndpoint(e.Text("ip")!, e.Number("target_port") ?? 0, e.Text("node") ?? "")).Distinct().OrderBy(e => e.Ip, StringComparer.Ordinal).ToList();
        var checks = new List<HopCheck>();
        foreach (var ingress in path.Endpoints)
        {
            foreach (var app in pods.Where(p => p.Node != ingress.Node))
            {
                checks.Add(Check($"{ingress.Ip} to {app.Ip}, out", _state.NicOfNode(ingress.Node), PathNeeds.Flow(Direction.Outbound, ingress.Ip, app.Ip, app.TargetPort)));
                checks.Add(Check($"{ingress.Ip} to {app.Ip}, in", _state.NicOfNode(app.Node), PathNeeds.Flow(Direction.Inbound, ingress.Ip, app.Ip, app.TargetPort)));
            }
        }

        return checks;
    }

    private HopCheck Check(string title, NicPlace? nic, FlowKey flow)
    {
        if (nic is null)
            return new HopCheck { Title = title, Flow = FlowText.Of(flow), Decision = "unknown", Levels = ["No NIC of the inventory has this address, so nothing can be said here."] };

        var explanation = _state.EvaluatorOf(nic).Explain(flow);
        return new HopCheck
        {
            Title = title,
            At = nic.Name,
            Subnet = nic.Subnet,
            Flow = FlowText.Of(flow),
            Decision = explanation.Decision.IsDecided ? explanation.Decision.Decision.ToString() : "undecided",
            Levels = [.. explanation.Levels.Select(LevelText), .. explanation.UndecidedReason is { } reason ? new[] { reason } : []],
            Logged = _log.Of(nic.Mac, flow),
        };
    }

    private static string LevelText(LevelExplanation level)
    {
        var place = level.Level == NsgLevel.Admin ? "security admin rules" : $"{level.Nsg?.Name} ({(level.Level == NsgLevel.Subnet ? "subnet" : "NIC")})";
        var rule = level.Rule is null ? "no rule" : string.Create(CultureInfo.InvariantCulture, $"{level.Rule.Name} (priority {level.Rule.Priority})");
        var tags = level.Tags.Select(t => $"{t.Expansion.Name} holds the {t.Side}: {t.Part.Range}, {t.Part.Why}{(t.Part.Assumed ? " (assumed)" : "")}").ToList();
        return $"{place}: {level.Decision} by {rule}{(tags.Count > 0 ? $"; {string.Join("; ", tags)}" : "")}";
    }

    private IEnumerable<string> Intro(string source, string destination, int port, ServicePath? path)
    {
        yield return $"{source} is {_names.Role(ServicePath.Address(source), _at)}, {destination} is {_names.Role(ServicePath.Address(destination), _at)}; port {port}.";
        if (path is not null)
            yield return $"{path.Name} is in {(path.IsLocal ? "Local" : "Cluster")} mode with {path.Backends.Count} backends and pods on {ShareText.Nodes(path.EndpointNodes)}.";
    }

    private static IEnumerable<string> DirectSummary(List<HopGroup> hops)
    {
        var denied = hops.SelectMany(h => h.Checks).Where(c => c.Decision == "Deny").ToList();
        yield return denied.Count == 0
            ? "No rule that is known refuses it."
            : $"It is refused at {string.Join(" and ", denied.Select(d => $"{d.At} ({d.Levels.First(l => l.Contains(": Deny by", StringComparison.Ordinal))})"))}.";
    }

    private IEnumerable<string> ServiceSummary(ServicePath path, string client)
    {
        var health = ServiceHealth.Of(path, _state, [client]);
        if (health.Unhealthy.Any())
            yield return $"By the rules, {ShareText.Nodes(health.Unhealthy)} {(health.Unhealthy.Count() == 1 ? "is" : "are")} out of rotation{(path.IsLocal ? " (in Local mode, nodes without a pod are)" : "")}.";
        if (health.Flapping.Any())
            yield return $"{ShareText.Nodes(health.Flapping)} go in and out of rotation.";
        foreach (var group in health.Refused.GroupBy(r => (r.Need.Kind, r.By)).OrderBy(g => g.Key.Kind).ThenBy(g => g.Key.By, StringComparer.Ordinal))
            yield return $"{group.Key.By} refuses the {KindText(group.Key.Kind)} at {ShareText.Nodes(group.Select(r => r.Need.Node).Distinct())}.";
        yield return $"{Capital(ShareText.Connections(health.WorstShare))} of {client} are expected to fail ({ShareText.Percent(health.WorstShare)}).";
    }

    private static string KindText(NeedKind kind) => kind switch
    {
        NeedKind.Probe => "probe",
        NeedKind.Client => "client",
        NeedKind.SecondHop => "second hop",
        _ => "application hop",
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
