using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>
/// The same decisions, one rule after the other, straight from the written rules: the yardstick that the compiled form is
/// compared with, in correctness (property test) and in speed (benchmark). Shares only name expansion with it.
/// </summary>
internal sealed class NaiveEvaluator(NicContext context)
{
    private readonly AddressScope _scope = new(context.Addresses);

    private enum Match
    {
        No,
        Perhaps,
        Yes,
    }

    /// <summary>Every result that is possible; one of them means decided.</summary>
    public HashSet<Decision> Decide(FlowKey flow)
    {
        var results = new HashSet<Decision>();
        foreach (var admin in PlatformServices.IsExempt(flow) ? [AdminDecision.Allow] : AdminResults(flow))
        {
            if (admin == AdminDecision.AlwaysAllow)
                results.Add(Decision.Allow);
            else if (admin == AdminDecision.Deny)
                results.Add(Decision.Deny);
            else
                results.UnionWith(NsgResults(flow));
        }

        return results;
    }

    /// <summary>The first rule of one NSG that surely matches, with whether an undecidable one comes before it.</summary>
    public (NsgRule? Rule, bool Sure) First(NetworkSecurityGroup nsg, FlowKey flow)
    {
        var sure = true;
        foreach (var rule in nsg.Rules.Where(r => r.Direction == flow.Direction || r.Direction == Direction.Unknown).OrderBy(r => r.Priority))
        {
            var match = Matches(rule, flow);
            if (match == Match.Yes)
                return (rule, sure);
            sure &= match == Match.No;
        }

        return (null, sure);
    }

    private HashSet<Decision> NsgResults(FlowKey flow)
    {
        var subnet = NsgResults(context.SubnetNsg, flow);
        var nic = NsgResults(context.NicNsg, flow);
        var results = new HashSet<Decision>();
        foreach (var one in subnet)
        {
            foreach (var other in nic)
                results.Add(one == Decision.Deny || other == Decision.Deny ? Decision.Deny : Decision.Allow);
        }

        return results;
    }

    private HashSet<Decision> NsgResults(NetworkSecurityGroup? nsg, FlowKey flow)
    {
        var exempt = PlatformServices.IsExempt(flow);
        var results = new HashSet<Decision>();
        foreach (var rule in (nsg?.Rules ?? []).OrderBy(r => r.Priority))
        {
            if (exempt && !(PlatformServices.IsUnderTags(flow) && rule.Destination.Prefixes.Any(ServiceTagNames.IsPlatform)))
                continue;

            var match = Matches(rule, flow);
            if (match == Match.No)
                continue;

            results.UnionWith(rule.Decision == Decision.Unknown ? [Decision.Allow, Decision.Deny] : [rule.Decision]);
            if (match == Match.Yes)
                return results;
        }

        results.Add(nsg is null || exempt ? Decision.Allow : Decision.Deny);
        return results;
    }

    private HashSet<AdminDecision> AdminResults(FlowKey flow)
    {
        var results = new HashSet<AdminDecision>();
        foreach (var rule in context.AdminRules.OrderBy(r => r.Priority))
        {
            var match = Matches(rule, flow);
            if (match == Match.No)
                continue;

            results.UnionWith(rule.Decision == AdminDecision.Unresolved ? [AdminDecision.Allow, AdminDecision.AlwaysAllow, AdminDecision.Deny] : [rule.Decision]);
            if (match == Match.Yes)
                return results;
        }

        results.Add(AdminDecision.Allow);
        return results;
    }

    private Match Matches(ITrafficRule rule, FlowKey flow)
    {
        var place = rule.Priority == NsgRule.UnresolvedPriority || rule.Direction == Direction.Unknown
            ? Match.Perhaps
            : rule.Direction == flow.Direction ? Match.Yes : Match.No;
        if (rule.Direction != Direction.Unknown && rule.Direction != flow.Direction)
            place = Match.No;

        Match[] fields =
        [
            place,
            MatchesProtocol(rule.Protocol, flow.Protocol),
            MatchesAddress(rule.Source, flow.Source),
            MatchesAddress(rule.Destination, flow.Destination),
            MatchesPort(rule, rule.Source, flow.SourcePort, flow.HasPorts),
            MatchesPort(rule, rule.Destination, flow.DestinationPort, flow.HasPorts),
        ];
        return fields.Min();
    }

    private static Match MatchesProtocol(RuleProtocol rule, byte protocol) => rule switch
    {
        RuleProtocol.Unresolved => Match.Perhaps,
        RuleProtocol.Any => Match.Yes,
        RuleProtocol.Tcp => Known(protocol == 6),
        RuleProtocol.Udp => Known(protocol == 17),
        RuleProtocol.Icmp => Known(protocol == 1),
        RuleProtocol.Esp => Known(protocol == 50),
        _ => Known(protocol == 51),
    };

    private Match MatchesAddress(RuleSide side, IpAddressKey address)
    {
        if (side.Prefixes.Count + side.Asgs.Count == 0)
            return Match.Perhaps;
        return side.Prefixes.Select(p => MatchesPrefix(p, address)).Concat(side.Asgs.Select(a => MatchesAsg(a, address))).Max();
    }

    private Match MatchesPrefix(string text, IpAddressKey address)
    {
        if (ServiceTagNames.IsAny(text))
            return Match.Yes;
        if (AddressRange.TryParse(text, out var range))
            return Known(range.Contains(address));
        return _scope.Expand(text) is { } tag ? Known(tag.Parts.Any(p => p.Range.Contains(address))) : Match.Perhaps;
    }

    private Match MatchesAsg(string asg, IpAddressKey address) =>
        _scope.Members(asg) is { } members ? Known(members.Ranges.Any(r => r.Contains(address))) : Match.Perhaps;

    private static Match MatchesPort(ITrafficRule rule, RuleSide side, ushort port, bool hasPorts)
    {
        if (!hasPorts && rule.Protocol is RuleProtocol.Icmp or RuleProtocol.Esp or RuleProtocol.Ah)
            return Match.Yes;
        if (side.Ports.Count == 0)
            return Match.Perhaps;
        return side.Ports.Select(text => !PortRange.TryParse(text, out var range) ? Match.Perhaps
            : hasPorts ? Known(range.Contains(port))
            : range == PortRange.All ? Match.Yes : Match.Perhaps).Max();
    }

    private static Match Known(bool matches) => matches ? Match.Yes : Match.No;
}
