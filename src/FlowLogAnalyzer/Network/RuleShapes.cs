using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Network;

/// <summary>What a rule for refused needs of one kind at one NSG looks like: tags where they fit, else the exact place.</summary>
internal sealed class RuleShapes(ServiceView view, NetworkState state)
{
    public (string Name, RuleSide Source, RuleSide Destination) Shape(IReadOnlyList<RefusedNeed> refused) => refused[0].Need.Kind switch
    {
        NeedKind.Probe => Probe(refused),
        NeedKind.Client => Client(refused),
        NeedKind.SecondHop => SecondHop(refused),
        _ => AppHop(refused),
    };

    /// <summary>All ports: node ports and health-check ports are handed out anew when a Service is made again.</summary>
    private static (string, RuleSide, RuleSide) Probe(IReadOnlyList<RefusedNeed> refused) =>
        ("AllowAzureLoadBalancerProbes", RuleSide.Of(ServiceTagNames.AzureLoadBalancer), Side(Subnets(refused.Select(r => r.Need.Nic)), ["*"]));

    private (string, RuleSide, RuleSide) Client(IReadOnlyList<RefusedNeed> refused)
    {
        var sources = refused.Select(r => r.Need.Flow.Source).Distinct().SelectMany(c => ClientBook.RangeOf(view.ClientRanges, c) is { } range ? [range] : Admitted(c) ?? Lasting(c)).Distinct();
        var destinations = refused.Select(r => r.Need.Flow.Destination).Distinct().OrderBy(d => d.Bits).Select(Host);
        var floating = view.Ports.All(p => p.Path.FloatingIp);
        return ($"AllowClientsTo{Pascal(view.Service)}", Side(sources.Order(StringComparer.Ordinal), ["*"]),
            Side(floating ? destinations : Subnets(refused.Select(r => r.Need.Nic)), Ports(refused)));
    }

    /// <summary>From all node subnets, that of the pods' own nodes included: pods move.</summary>
    private (string, RuleSide, RuleSide) SecondHop(IReadOnlyList<RefusedNeed> refused)
    {
        var nodes = view.Ports.SelectMany(p => p.Path.Backends).Select(b => state.NicOfNode(b.Node)).OfType<NicPlace>();
        return ($"AllowNodesTo{Pascal(view.Service)}Pods", Side(Subnets(nodes), ["*"]), Side(PodPrefixes(refused.Select(r => r.Need.Flow.Destination)), Ports(refused)));
    }

    private (string, RuleSide, RuleSide) AppHop(IReadOnlyList<RefusedNeed> refused) =>
        ($"Allow{Pascal(view.Service)}ToApplications", Side(PodPrefixes(refused.Select(r => r.Need.Flow.Source)), ["*"]),
            Side(PodPrefixes(refused.Select(r => r.Need.Flow.Destination)), Ports(refused)));

    /// <summary>Nodes and pods have other addresses tomorrow: their subnet or range stands for them. Anybody else is who he is.</summary>
    internal List<string> Lasting(IpAddressKey client)
    {
        if (state.PodCidrs.Where(c => AddressRange.TryParse(c, out var range) && range.Contains(client)).ToList() is { Count: > 0 } cidrs)
            return cidrs;
        return state.NicByAddress(client.ToString()) is { Node: not null, SubnetPrefixes.Count: > 0 } nic ? Subnets([nic]) : [Host(client)];
    }

    /// <summary>The range that another backend's rule admits the client by; null when none names it more closely than any address.</summary>
    private List<string>? Admitted(IpAddressKey client)
    {
        foreach (var need in view.Needs(state).Where(n => n.Kind == NeedKind.Client && n.Flow.Source == client))
        {
            var decision = state.Decide(need.Nic, need.Flow);
            foreach (var rule in new[] { decision.Subnet, decision.Nic }.Where(l => l.Decision == Decision.Allow).Select(l => l.Rule))
            {
                if (rule is { IsDefault: false, Source.Asgs.Count: 0 } && rule.Source.Prefixes.All(p => !IsBroad(p)))
                    return rule.Source.Prefixes.Where(p => Holds(p, client, need)).ToList() is { Count: > 0 } prefixes ? prefixes : null;
            }
        }

        return null;
    }

    private bool Holds(string prefix, IpAddressKey client, PathNeed need) => AddressRange.TryParse(prefix, out var range)
        ? range.Contains(client)
        : state.EvaluatorOf(need.Nic).Scope.Expand(prefix)?.Addresses.Contains(client) ?? false;

    private static bool IsBroad(string prefix) => ServiceTagNames.IsAny(prefix) || prefix is "0.0.0.0/0" or "::/0"
        || ServiceTagNames.Canonical(prefix) == ServiceTagNames.VirtualNetwork;

    /// <summary>The pod range when pods have one of their own, else the subnets of their nodes, else the addresses.</summary>
    private IEnumerable<string> PodPrefixes(IEnumerable<IpAddressKey> pods)
    {
        var addresses = pods.Distinct().OrderBy(p => p.Bits).ToList();
        var cidrs = state.PodCidrs.Where(c => AddressRange.TryParse(c, out var range) && addresses.Exists(range.Contains)).ToList();
        if (cidrs.Count > 0 && addresses.TrueForAll(a => cidrs.Exists(c => AddressRange.TryParse(c, out var range) && range.Contains(a))))
            return cidrs;

        var nics = addresses.ConvertAll(a => state.NicByAddress(a.ToString()));
        return nics.TrueForAll(n => n is { SubnetPrefixes.Count: > 0 }) ? Subnets(nics.OfType<NicPlace>()) : addresses.Select(Host);
    }

    private static List<string> Subnets(IEnumerable<NicPlace> nics)
    {
        var prefixes = nics.SelectMany(n => n.SubnetPrefixes.Count > 0 ? n.SubnetPrefixes : n.Ip is { } ip ? [ip + "/32"] : []).Distinct().Order(StringComparer.Ordinal).ToList();
        return prefixes.Count > 0 ? prefixes : ["*"];
    }

    private static IEnumerable<string> Ports(IReadOnlyList<RefusedNeed> refused) =>
        refused.Select(r => r.Need.Flow.DestinationPort).Distinct().Order().Select(p => $"{p}");

    private static RuleSide Side(IEnumerable<string> prefixes, IEnumerable<string> ports) =>
        new() { Prefixes = prefixes.ToEquatableList(), Ports = ports.ToEquatableList() };

    private static string Host(IpAddressKey address) => $"{address}/{(address.IsIPv6 ? 128 : 32)}";

    /// <summary><c>ingress/ingress-nginx-controller</c> to <c>IngressNginxController</c>.</summary>
    private static string Pascal(string service) => string.Concat(service[(service.IndexOf('/', StringComparison.Ordinal) + 1)..]
        .Split('-', '.', '_').Where(w => w.Length > 0).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
