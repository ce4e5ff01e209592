using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Nsg.Evaluation;

/// <summary>One side of a rule with its names resolved; whatever is in <see cref="Unknown"/> makes other addresses undecidable.</summary>
internal sealed record ResolvedSide(AddressSet Certain, IReadOnlyList<TagExpansion> Tags, IReadOnlyList<string> Unknown)
{
    public static ResolvedSide Of(RuleSide side, AddressScope scope)
    {
        var ranges = new List<AddressRange>();
        var tags = new List<TagExpansion>();
        var unknown = new List<string>();
        foreach (var text in side.Prefixes)
        {
            if (ServiceTagNames.IsAny(text))
                ranges.AddRange(AddressSet.All.Ranges);
            else if (AddressRange.TryParse(text, out var range))
                ranges.Add(range);
            else if (scope.Expand(text) is { } tag)
                tags.Add(tag);
            else
                unknown.Add(text.StartsWith('[') || text.StartsWith("${", StringComparison.Ordinal) ? $"the unresolved expression '{text}'" : $"the service tag '{text}', whose addresses are not known");
        }

        foreach (var asg in side.Asgs)
        {
            if (scope.Members(asg) is { } members)
                ranges.AddRange(members.Ranges);
            else
                unknown.Add($"the application security group '{asg}', whose members are not known");
        }

        if (side.Prefixes.Count + side.Asgs.Count == 0)
            unknown.Add("an empty address field");
        return new ResolvedSide(AddressSet.Of(ranges.Concat(tags.SelectMany(t => t.Addresses.Ranges))), tags, unknown);
    }
}

/// <summary>The ports of one side of a rule.</summary>
internal sealed record ResolvedPorts(IReadOnlyList<PortRange> Ranges, IReadOnlyList<string> Unknown)
{
    public bool IsAll => Ranges.Contains(PortRange.All);

    public bool Contains(ushort port) => Ranges.Any(r => r.Contains(port));

    public static ResolvedPorts Of(RuleSide side)
    {
        var ranges = new List<PortRange>();
        var unknown = new List<string>();
        foreach (var text in side.Ports)
        {
            if (PortRange.TryParse(text, out var range))
                ranges.Add(range);
            else
                unknown.Add($"the port '{text}', which is no port or range");
        }

        if (side.Ports.Count == 0)
            unknown.Add("an empty port field");
        return new ResolvedPorts(ranges, unknown);
    }
}

/// <summary>A rule with everything resolved that one subnet or NIC resolves it to.</summary>
internal sealed record ResolvedRule(ITrafficRule Rule, ResolvedSide Source, ResolvedSide Destination, ResolvedPorts SourcePorts, ResolvedPorts DestinationPorts)
{
    public static ResolvedRule Of(ITrafficRule rule, AddressScope scope) => new(
        rule,
        ResolvedSide.Of(rule.Source, scope),
        ResolvedSide.Of(rule.Destination, scope),
        ResolvedPorts.Of(rule.Source),
        ResolvedPorts.Of(rule.Destination));

    /// <summary>False when direction or priority are unresolved: then nothing about the rule is sure.</summary>
    public bool HasPlace => Rule.Direction != Flows.Direction.Unknown && Rule.Priority != NsgRule.UnresolvedPriority;

    /// <summary>Ports of these protocols are not looked at.</summary>
    public bool IgnoresPorts => Rule.Protocol is RuleProtocol.Icmp or RuleProtocol.Esp or RuleProtocol.Ah;

    /// <summary>In words what keeps the rule from being decided.</summary>
    public IEnumerable<string> Unknown()
    {
        if (!HasPlace)
            yield return "an unresolved priority or direction";
        if (Rule.Protocol == RuleProtocol.Unresolved)
            yield return "an unresolved protocol";
        foreach (var text in Source.Unknown.Concat(Destination.Unknown).Concat(SourcePorts.Unknown).Concat(DestinationPorts.Unknown))
            yield return text;
    }
}
