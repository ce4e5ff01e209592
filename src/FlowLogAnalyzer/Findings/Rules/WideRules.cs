using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Tags;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Findings.Rules;

/// <summary>
/// NSG-003: rules for any destination of which only a few places made use. What takes their place names frontends, subnets and
/// pod ranges, never a node, a pod or a port that is handed out anew: those are others after the next rollout.
/// </summary>
internal static class WideRules
{
    /// <summary>More places than that are no narrower rule.</summary>
    private const int MostPlaces = 20;

    /// <summary>From here on ports are chosen by whoever opens them.</summary>
    private const int FirstEphemeral = 32_768;

    private static readonly string[] Machines = [AddressKinds.Node, AddressKinds.Vm, AddressKinds.Vnet];

    public static IEnumerable<Finding> Run(EngineContext context)
    {
        var needs = new RequiredFlows(context.Model, context.Names);
        foreach (var nsg in context.NodeNsgs.Select(p => p.Nsg).DistinctBy(n => n.Name).Where(n => !n.IsAksManaged))
        {
            foreach (var rule in nsg.Rules.Where(r => r is { IsDefault: false, Decision: Decision.Allow, Direction: Direction.Inbound } && r.Destination.Prefixes.Any(IsBroad)
                && !r.Source.Prefixes.All(p => ServiceTagNames.Canonical(p) == ServiceTagNames.AzureLoadBalancer)))
            {
                var hits = context.Hits(nsg, rule).ToList();
                var used = hits.Where(h => Reason(needs, context, h) is null).ToList();
                // The cluster's own traffic, which AKS wants open on all ports: such a rule is as wide as it has to be.
                if (hits.Count == 0 || (used.Count == 0 && !rule.Source.Prefixes.Any(IsBroad)))
                    continue;

                var places = Places(context, needs, hits);
                if (places.Count > MostPlaces || places.Exists(p => p.Prefixes.Count == 0))
                    continue;

                yield return Build(context, nsg, rule, hits, places);
            }
        }
    }

    private static Finding Build(EngineContext context, NetworkSecurityGroup nsg, NsgRule rule, List<FlowClass> hits, List<Place> places)
    {
        var texts = places.Select(p => p.Text).Distinct().Order(StringComparer.Ordinal).ToList();
        var outsiders = hits.Where(h => context.Names.Facts(h.Flow.Source, h.FirstSeen).Kind == AddressKinds.Public && context.Names.Facts(h.Flow.Destination, h.FirstSeen).Kind != AddressKinds.Frontend)
            .Select(h => h.Flow.Source.ToString()).Distinct().Order(StringComparer.Ordinal).ToList();
        return context.Build("NSG-003", outsiders.Count > 0 ? Severity.High : Severity.Low, $"{nsg.Name}/{rule.Name}",
            $"{nsg.Name}/{rule.Name} admits {rule.Source.Prefixes} to any destination (ports {rule.Destination.Ports}); all {hits.Sum(h => h.Flows)} recorded flows that it admitted went to {string.Join(", ", texts)}."
                + (outsiders.Count > 0 ? $" {ShareText.Nodes(outsiders)} came from the internet and went past every frontend." : ""),
            new FindingParts
            {
                Nsg = nsg.Name,
                Rule = rule.Name,
                Evidence = [new("destinations", texts)],
                Fix = $"Narrow the destination of {rule.Name} to {string.Join(", ", texts)}; by replay no recorded flow would be lost.",
                Limits = [$"Only {(context.At - context.First).TotalHours:0.#} hours were recorded. Nodes and pods are named by their subnets and ranges, which stay when they are replaced."],
            });
    }

    private static string? Reason(RequiredFlows needs, EngineContext context, FlowClass flow) =>
        context.Model.Epoch(flow.Epoch).NicByMac(flow.Mac) is { } nic ? needs.Reason(flow, nic) : null;

    private static List<Place> Places(EngineContext context, RequiredFlows needs, List<FlowClass> hits) =>
    [
        .. hits.Select(h => (Prefixes: Lasting(context, h), Port: Port(h, Reason(needs, context, h) is not null)))
            .GroupBy(h => string.Join(", ", h.Prefixes), StringComparer.Ordinal)
            .Select(g => new Place(g.First().Prefixes, g.Any(h => h.Port == "*") ? "*" : string.Join(", ", g.Select(h => h.Port).Distinct().Order(StringComparer.Ordinal)))),
    ];

    /// <summary>What AKS requires it requires on all ports.</summary>
    private static string Port(FlowClass flow, bool required) => required || flow.Flow.DestinationPort >= FirstEphemeral || flow.Flow.Protocol is not (IpProtocols.Tcp or IpProtocols.Udp)
        ? "*"
        : $"{flow.Flow.DestinationPort}";

    /// <summary>The frontend's address, the pods' range or the subnet: what outlives the address that the flow went to.</summary>
    private static IReadOnlyList<string> Lasting(EngineContext context, FlowClass flow)
    {
        var address = flow.Flow.Destination;
        var kind = context.Names.Facts(address, flow.FirstSeen).Kind;
        if (kind == AddressKinds.Frontend)
            return [$"{address}/{(address.IsIPv6 ? 128 : 32)}"];

        var state = context.Model.Epoch(flow.Epoch);
        var ranges = state.PodCidrs.Concat(Machines.Contains(kind) || kind is AddressKinds.Pod or AddressKinds.PodUnknown ? state.Nics.SelectMany(n => n.SubnetPrefixes) : []);
        return [.. ranges.Where(r => AddressRange.TryParse(r, out var range) && range.Contains(address)).Distinct().Take(1)];
    }

    private static bool IsBroad(string prefix) => ServiceTagNames.IsAny(prefix) || prefix is "0.0.0.0/0" || ServiceTagNames.Canonical(prefix) == ServiceTagNames.VirtualNetwork;

    private sealed record Place(IReadOnlyList<string> Prefixes, string Ports)
    {
        public string Text => $"{string.Join(", ", Prefixes)} {(Ports == "*" ? "all ports" : $"port {Ports}")}";
    }
}
