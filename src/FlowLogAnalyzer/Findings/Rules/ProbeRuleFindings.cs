using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Tags;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings.Rules;

/// <summary>LBP-006 and NSG-007: rules that are wrong about probes, found without a refused flow.</summary>
internal static class ProbeRuleFindings
{
    public static IEnumerable<Finding> StaleProbeRule(EngineContext context)
    {
        var refused = Refused(context).ToList();
        foreach (var group in refused.Where(r => r.Decision.Nsg is not null).GroupBy(r => r.Decision.Nsg!.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var ports = group.Select(r => r.Need.Flow.DestinationPort).Distinct().Order().ToList();
            foreach (var rule in group.First().Decision.Nsg!.Rules.Where(r => IsForProbes(r) && !ports.Any(p => Covers(r, p))))
            {
                yield return context.Build("LBP-006", Severity.High, $"{group.Key}/{rule.Name}",
                    $"{group.Key}/{rule.Name} admits probes to ports {rule.Destination.Ports}, but the load balancer now probes {string.Join(", ", ports)}, and {group.First().By} denies that on {ShareText.Nodes(group.Select(r => r.Need.Node).Distinct())}. Node ports and health-check ports change when a Service is made again or its traffic policy changes.",
                    new FindingParts
                    {
                        Nsg = group.Key,
                        Rule = rule.Name,
                        Evidence = [new("nodes", group.Select(r => r.Need.Node).Distinct().Order(StringComparer.Ordinal).ToList()), new("port", (long)ports[0]), new("oldPorts", rule.Destination.Ports.ToString())],
                        Fix = $"Widen {rule.Name} to all ports (source AzureLoadBalancer is the probes only), or at least to 30000-32767.",
                    });
            }
        }
    }

    public static IEnumerable<Finding> DeniesProbes(EngineContext context)
    {
        foreach (var group in Refused(context).Where(r => r.Decision.Rule is { IsDefault: false } rule && IsBroad(rule)).GroupBy(r => (Nsg: r.Decision.Nsg!.Name, Rule: r.Decision.Rule!.Name))
            .OrderBy(g => g.Key.Nsg, StringComparer.Ordinal).ThenBy(g => g.Key.Rule, StringComparer.Ordinal))
        {
            var rule = group.First().Decision.Rule!;
            var nodes = group.Select(r => r.Need.Node).Distinct().Order(StringComparer.Ordinal).ToList();
            yield return context.Build("NSG-007", Severity.Critical, $"{group.Key.Nsg}/{group.Key.Rule}",
                $"{group.Key.Nsg}/{group.Key.Rule} (priority {rule.Priority}, source {rule.Source.Prefixes}) comes before any rule for AzureLoadBalancer and matches the probes from 168.63.129.16 too: {ShareText.Nodes(nodes)} cannot become healthy."
                    + (rule.Source.Prefixes.Any(p => ServiceTagNames.Canonical(p) == ServiceTagNames.VirtualNetwork) ? " The tag VirtualNetwork includes 168.63.129.16." : ""),
                new FindingParts
                {
                    Nsg = group.Key.Nsg,
                    Rule = group.Key.Rule,
                    Evidence = [new("nodes", nodes), new("port", (long)group.First().Need.Flow.DestinationPort)],
                    Fix = $"On {group.Key.Nsg}, add an inbound Allow with source service tag AzureLoadBalancer, all ports, with a priority below {rule.Priority}.",
                    Confidence = rule.Source.Prefixes.Any(ServiceTagNames.IsAny) ? Confidence.High : Confidence.Medium,
                });
        }
    }

    private static IEnumerable<RefusedNeed> Refused(EngineContext context) => context.Paths
        .SelectMany(p => PathNeeds.Probes(p, context.State).Where(n => !p.IsLocal || p.EndpointNodes.Contains(n.Node)))
        .Select(n => new RefusedNeed(n, context.State.Decide(n.Nic, n.Flow))).Where(r => r.Decision.Decision == Decision.Deny);

    private static bool IsForProbes(NsgRule rule) => rule is { IsDefault: false, Decision: Decision.Allow, Direction: Direction.Inbound }
        && rule.Source.Prefixes.Any(p => ServiceTagNames.Canonical(p) == ServiceTagNames.AzureLoadBalancer || p is "168.63.129.16" or "168.63.129.16/32");

    private static bool Covers(NsgRule rule, ushort port) => rule.Destination.Ports.Any(p => PortRange.TryParse(p, out var range) && range.Contains(port));

    private static bool IsBroad(NsgRule rule) => rule.Source.Prefixes.Any(p => ServiceTagNames.IsAny(p) || p == "0.0.0.0/0" || ServiceTagNames.Canonical(p) == ServiceTagNames.VirtualNetwork);
}
