using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings.Rules;

/// <summary>
/// LBC-004: a client, a probe or a second hop that some backends' NSGs admit and others refuse. It needs no refused flow, so it
/// tells of outages that wait for nodes to come back into rotation.
/// </summary>
internal static class AsymmetryFinding
{
    public static IEnumerable<Finding> Run(EngineContext context)
    {
        foreach (var path in context.Paths)
        {
            var needs = PathNeeds.Probes(path, context.State).Concat(PathNeeds.SecondHops(path, context.State)).Concat(PathNeeds.Clients(path, context.State, context.ClientsOf(path)));
            var decided = needs.Select(n => new RefusedNeed(n, context.State.Decide(n.Nic, n.Flow))).ToList();
            var health = ServiceHealth.Of(path, context.State, context.ClientsOf(path));
            var admitted = decided.Where(d => d.Decision.Decision == Decision.Allow).Select(d => Asked(d.Need)).ToHashSet();
            foreach (var group in decided.Where(d => d.Decision.Decision == Decision.Deny && d.Decision.Nsg is not null && admitted.Contains(Asked(d.Need)))
                .GroupBy(d => (d.Need.Kind, Nsg: d.Decision.Nsg!.Name, Rule: d.Decision.Rule!.Name)).OrderBy(g => g.Key.Kind).ThenBy(g => g.Key.Nsg, StringComparer.Ordinal))
                yield return Build(context, health, group.Key, [.. group]);
        }
    }

    /// <summary>What is asked of each backend: NSGs disagree about one client, not when one client may come and another may not.</summary>
    private static (NeedKind Kind, bool IsIPv6, IpAddressKey? Client) Asked(PathNeed need) =>
        (need.Kind, need.Flow.Destination.IsIPv6, need.Kind == NeedKind.Client ? need.Flow.Source : null);

    private static Finding Build(EngineContext context, ServiceHealth health, (NeedKind Kind, string Nsg, string Rule) key, IReadOnlyList<RefusedNeed> refused)
    {
        var path = health.Path;
        var nodes = refused.Select(r => r.Need.Node).Distinct().Order(StringComparer.Ordinal).ToList();
        var latent = nodes.All(n => health.Unhealthy.Contains(n));
        var clients = key.Kind == NeedKind.Client ? refused.Select(r => r.Need.Flow.Source.ToString()).Distinct().Order(StringComparer.Ordinal).ToList() : [];
        var what = key.Kind switch
        {
            NeedKind.Client => $"clients {ShareText.Nodes(clients)}",
            NeedKind.Probe => "the load balancer's probe",
            _ => "what nodes forward to the pods",
        };
        return context.Build("LBC-004", path.IsLocal || latent || key.Kind == NeedKind.SecondHop ? Severity.Medium : Severity.High,
            $"{path.Name}: {key.Kind switch { NeedKind.Client => "clients", NeedKind.Probe => "probes", _ => "second hop" }} at {key.Nsg}",
            $"{path.Name} uses nodes behind several NSGs, and these disagree: {key.Nsg}/{key.Rule} refuses {what} on {ShareText.Nodes(nodes)}, other backends admit it."
                + (latent ? " Those nodes are out of rotation now, so nothing fails yet; it will when they come back." : $" By the rules, {ShareText.Connections(health.WorstShare)} fail."),
            new FindingParts
            {
                Nsg = key.Nsg,
                Rule = key.Rule,
                Evidence =
                [
                    new("service", path.Service), new("port", (long)path.Port), new("nodes", nodes), new("client", clients.Count == 1 ? clients[0] : null),
                    new("clients", clients.Count > 1 ? clients : null), new("expectedFailureShare", health.WorstShare),
                ],
                Fix = $"Copy the rule that the other backends have to {key.Nsg}, before {key.Rule}. flowlog explain {(clients.Count > 0 ? clients[0] : refused[0].Need.Flow.Source.ToString())} {refused[0].Need.Flow.Destination} {refused[0].Need.Flow.DestinationPort} shows every NSG on the way.",
                Limits = ["Worked out from the exported rules; it does not say that anybody was refused."],
            });
    }
}
