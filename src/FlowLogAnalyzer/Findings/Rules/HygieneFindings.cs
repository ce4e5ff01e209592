using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Space;
using FlowLogAnalyzer.Nsg.Tags;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Replay;

namespace FlowLogAnalyzer.Findings.Rules;

/// <summary>NSG-001 to NSG-009: rules that are of no use, too wide, or outside of what AKS supports.</summary>
internal static class HygieneFindings
{
    /// <summary>Rules for rare jobs need time to match.</summary>
    private const double DaysForUnused = 30;

    /// <summary>Fewer flows than that say nothing about a share.</summary>
    private const long LeastFlows = 100;

    /// <summary>An address of the internet that no rule names (RFC 5737).</summary>
    private const string AnyOutsider = "192.0.2.77";

    private static readonly string[] Inside = [AddressKinds.Node, AddressKinds.Pod, AddressKinds.PodUnknown];

    public static IEnumerable<Finding> NeverMatched(EngineContext context)
    {
        var days = (context.At - context.First).TotalDays;
        if (days < DaysForUnused)
            yield break;

        foreach (var (nsg, rule) in UnusedRules.Of(context))
        {
            yield return context.Build("NSG-001", Severity.Low, $"{nsg.Name}/{rule.Name}", $"{nsg.Name}/{rule.Name} matched nothing that was recorded in {days:0} days.", new FindingParts
            {
                Nsg = nsg.Name,
                Rule = rule.Name,
                Confidence = Confidence.Medium,
                Evidence = [new("days", days)],
                Fix = $"Ask who needs {rule.Name} before removing it, and try the removal with flowlog replay --nsg first.",
                Limits = ["A Deny is often an insurance, and jobs for emergencies are rare. What was not logged was not replayed."],
            });
        }
    }

    public static IEnumerable<Finding> Shadowed(EngineContext context)
    {
        foreach (var group in context.NodeNsgs.GroupBy(p => p.Nsg.Name))
        {
            // Tags differ between subnets: a rule is dead only when it is dead everywhere.
            var coverages = group.Select(p => RuleCoverage.OfUserRules(p.Nsg, context.State.EvaluatorOf(p.Place).Scope)).ToList();
            foreach (var coverage in coverages[0].Where(c => c.Kind == CoverageKind.Shadowed && coverages.TrueForAll(o => o.Any(x => x.Rule.Name == c.Rule.Name && x.Kind == CoverageKind.Shadowed))))
            {
                yield return context.Build("NSG-002", coverage.Conflicts ? Severity.Low : Severity.Info, $"{group.Key}/{coverage.Rule.Name}",
                    $"{group.Key}/{coverage.Rule.Name} can never decide: {string.Join(", ", coverage.TakenBy.Select(r => $"{r.Name} (priority {r.Priority})"))} {(coverage.TakenBy.Count == 1 ? "covers" : "cover")} all of it"
                        + (coverage.Conflicts ? " and decide otherwise." : "."),
                    new FindingParts
                    {
                        Nsg = group.Key,
                        Rule = coverage.Rule.Name,
                        Evidence = [new("coveredBy", coverage.TakenBy.Select(r => r.Name).ToList())],
                        Fix = coverage.Conflicts ? $"Move {coverage.Rule.Name} before {coverage.TakenBy[0].Name} if it is meant, else remove it." : $"Remove {coverage.Rule.Name}.",
                    });
            }
        }
    }

    public static IEnumerable<Finding> DefaultAllow(EngineContext context)
    {
        var edges = context.Classes.Where(c => c.Decision == Decision.Allow && c.Flow.Direction == Direction.Inbound && IsInside(context, c.Flow.Destination, c) && !IsPlatform(context, c)).ToList();
        foreach (var group in edges.Select(c => (Class: c, Nic: context.Model.Epoch(c.Epoch).NicByMac(c.Mac))).Where(c => c.Nic is { Node: not null, SubnetNsg: not null }).GroupBy(c => context.State.Nsg(c.Nic!.SubnetNsg)?.Name))
        {
            var byDefault = group.Where(c => ByDefault(context, c.Class, c.Nic!)).Select(c => c.Class).ToList();
            var (share, total) = ((double)byDefault.Sum(c => c.Flows) / group.Sum(c => c.Class.Flows), group.Sum(c => c.Class.Flows));
            if (group.Key is null || total < LeastFlows || share < 0.05)
                continue;

            var top = byDefault.GroupBy(c => $"{context.Names.Role(c.Flow.Source, c.FirstSeen)} to {context.Names.Role(c.Flow.Destination, c.FirstSeen)} port {c.Flow.DestinationPort}")
                .OrderByDescending(g => g.Sum(c => c.Flows)).ThenBy(g => g.Key, StringComparer.Ordinal).Take(5).Select(g => $"{g.Key} ({g.Sum(c => c.Flows)})").ToList();
            yield return context.Build("NSG-004", Severity.Low, group.Key,
                $"{ShareText.Percent(share)} of the {total} inbound flows inside the network that passed {group.Key} were admitted by AllowVnetInBound alone: the whole virtual network, its peers and its routes are one zone of trust there. The most frequent: {string.Join(", ", top)}.",
                new FindingParts
                {
                    Nsg = group.Key,
                    Rule = "AllowVnetInBound",
                    Evidence = [new("share", share), new("edges", top)],
                    Fix = $"Add explicit rules for what is needed (AKS requires node to node, node to pod and pod to pod), then deny VirtualNetwork after an Allow for AzureLoadBalancer; try it with flowlog replay --nsg first. {AksSupport.Text}",
                });
        }
    }

    /// <summary>Explains only: it is the default rule that bites, nobody denied this on purpose.</summary>
    public static IEnumerable<Finding> DefaultDeny(EngineContext context)
    {
        foreach (var group in context.Paths.SelectMany(p => ServiceHealth.Of(p, context.State, context.ClientsOf(p)).Refused.Select(r => (Path: p, Refused: r)))
            .Where(r => r.Refused.Decision.Rule is { IsDefault: true }).GroupBy(r => (Nsg: r.Refused.Decision.Nsg!.Name, Rule: r.Refused.Decision.Rule!.Name)).OrderBy(g => g.Key.Nsg, StringComparer.Ordinal))
        {
            yield return context.Build("NSG-005", Severity.Info, $"{group.Key.Nsg}/{group.Key.Rule}",
                $"{string.Join(", ", group.Select(g => g.Path.Name).Distinct())} needs flows that no rule of {group.Key.Nsg} names, so the default rule {group.Key.Rule} refuses them, such as {FlowText.Of(group.First().Refused.Need.Flow)}.",
                new FindingParts { Nsg = group.Key.Nsg, Rule = group.Key.Rule, Evidence = [new("service", group.First().Path.Service)] });
        }
    }

    public static IEnumerable<Finding> EverythingIsVirtualNetwork(EngineContext context)
    {
        foreach (var (nsg, place) in context.NodeNsgs.Where(p => context.State.EvaluatorOf(p.Place).Scope.Expand(ServiceTagNames.VirtualNetwork)?.Confirmed.Covers(AddressSet.Of([AddressRange.AllIPv4])) == true))
        {
            var (denied, abused) = (IsClosed(context, place), Intruders(context, nsg, place));
            yield return context.Build("NSG-006", abused.Count > 0 ? Severity.High : denied ? Severity.Info : Severity.Low, $"{nsg.Name} on {place.Subnet}",
                $"A user-defined route sends 0.0.0.0/0 of {place.Subnet} to an appliance, which makes the tag VirtualNetwork stand for every address there: AllowVnetInBound and AllowVnetOutBound of {nsg.Name} admit everything"
                    + (abused.Count > 0 ? $", and {ShareText.Nodes(abused)} came in that way from the internet." : denied ? " that no earlier rule and no NSG in front denies." : ", the internet included."),
                new FindingParts
                {
                    Nsg = nsg.Name,
                    Evidence = [new("subnet", place.Subnet)],
                    Sql = context.RuleSql(nsg.Name, "AllowVnetInBound"),
                    Fix = "Do not rely on the tags VirtualNetwork and Internet here: allow the prefixes of the network, its peers and the pods explicitly, then deny any.",
                    Limits = ["What the platform expands the tag to can be seen with az network nic list-effective-nsg."],
                });
        }
    }

    public static IEnumerable<Finding> ForeignRuleInManagedNsg(EngineContext context)
    {
        foreach (var nsg in Distinct(context).Where(n => n.IsAksManaged))
        {
            foreach (var rule in nsg.Rules.Where(r => !r.IsDefault && !r.Name.StartsWith("k8s-azure-lb", StringComparison.OrdinalIgnoreCase) && !r.Name.StartsWith("NRMS-", StringComparison.OrdinalIgnoreCase)))
            {
                yield return context.Build("NSG-008", Severity.Low, $"{nsg.Name}/{rule.Name}",
                    $"{nsg.Name} belongs to AKS, and {rule.Name} (priority {rule.Priority}) is not one of its rules: changes to this NSG are not supported and can be overwritten at any time.",
                    new FindingParts { Nsg = nsg.Name, Rule = rule.Name, Fix = $"Put {rule.Name} into the NSG of the subnet, or express it as an annotation of the Service, and remove it here." });
            }
        }
    }

    /// <summary>A rule that denies all that is left is how hardening is done: worth a word, not an alarm.</summary>
    public static IEnumerable<Finding> DeniesInsideCluster(EngineContext context)
    {
        var nodes = context.State.Nics.Where(n => n is { Node: not null, Ip: not null }).ToList();
        var denies = nodes.SelectMany(to => nodes.Where(from => from.Mac != to.Mac).Select(from => context.State.Decide(to, PathNeeds.Flow(Direction.Inbound, from.Ip!, to.Ip!, 40_000))))
            .Where(d => d.Decision == Decision.Deny && d.Rule is { IsDefault: false }).Select(d => (Nsg: d.Nsg!, Rule: d.Rule!)).DistinctBy(d => (d.Nsg.Name, d.Rule.Name))
            .OrderBy(d => d.Nsg.Name, StringComparer.Ordinal).ThenBy(d => d.Rule.Name, StringComparer.Ordinal);
        foreach (var (nsg, rule) in denies)
        {
            yield return context.Build("NSG-009", rule.Source.Prefixes.Any(ServiceTagNames.IsAny) ? Severity.Info : Severity.Low, $"{nsg.Name}/{rule.Name}",
                $"{nsg.Name}/{rule.Name} denies traffic between nodes of the cluster. {AksSupport.Text}",
                new FindingParts { Nsg = nsg.Name, Rule = rule.Name, Fix = $"Allow node subnets and the pod CIDR among each other before {rule.Name}, or keep it knowingly and filter between pods with a NetworkPolicy." });
        }
    }

    /// <summary>Both levels together: what one NSG's default rules would admit, the other may deny.</summary>
    private static bool IsClosed(EngineContext context, NicPlace place) => place.Ip is { } ip
        && context.State.Decide(place, PathNeeds.Flow(Direction.Inbound, AnyOutsider, ip, 40_000)).Decision == Decision.Deny;

    /// <summary>Public addresses that the default rule let in, to whatever is no frontend.</summary>
    private static List<string> Intruders(EngineContext context, NetworkSecurityGroup nsg, NicPlace place) =>
        [.. context.Classes.Where(c => c.Decision == Decision.Allow && c.Flow.Direction == Direction.Inbound && c.Mac == place.Mac && SelfCheck.ShortName(c.Acl).Equals(nsg.Name, StringComparison.OrdinalIgnoreCase)
                && Nsg.RuleNames.Strip(c.Rule ?? "").Equals("AllowVnetInBound", StringComparison.OrdinalIgnoreCase)
                && context.Names.Facts(c.Flow.Source, c.FirstSeen).Kind == AddressKinds.Public && context.Names.Facts(c.Flow.Destination, c.FirstSeen).Kind != AddressKinds.Frontend)
            .Select(c => c.Flow.Source.ToString()).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<NetworkSecurityGroup> Distinct(EngineContext context) => context.NodeNsgs.Select(p => p.Nsg).DistinctBy(n => n.Name);

    private static bool ByDefault(EngineContext context, FlowClass flow, NicPlace nic)
    {
        var decision = context.Model.Epoch(flow.Epoch).Decide(nic, flow.Flow);
        return decision.Subnet.Rule is { IsDefault: true, Decision: Decision.Allow } && decision.Nic.Rule is null or { IsDefault: true };
    }

    private static bool IsInside(EngineContext context, IpAddressKey address, FlowClass flow) => Inside.Contains(context.Names.Facts(address, flow.FirstSeen).Kind);

    private static bool IsPlatform(EngineContext context, FlowClass flow) => context.Names.Facts(flow.Flow.Source, flow.FirstSeen).Kind == AddressKinds.Platform;

    private static bool IsBroad(string prefix) => ServiceTagNames.IsAny(prefix) || prefix is "0.0.0.0/0" || ServiceTagNames.Canonical(prefix) == ServiceTagNames.VirtualNetwork;
}
