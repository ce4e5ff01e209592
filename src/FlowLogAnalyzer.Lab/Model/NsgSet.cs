using System.Collections.Immutable;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Lab.Model;

/// <summary>A rule as a user would write it. Source ports are always any.</summary>
internal sealed record RuleSpec(string Name, int Priority, string Access, string Protocol)
{
    public string[] Sources { get; init; } = ["*"];

    public string[] Destinations { get; init; } = ["*"];

    public string[] Ports { get; init; } = ["*"];

    public string Direction { get; init; } = "Inbound";

    public static RuleSpec Of(NsgRule rule) => new(rule.Name, rule.Priority, rule.Decision.ToString(), rule.Protocol == RuleProtocol.Any ? "*" : rule.Protocol.ToString())
    {
        Sources = [.. rule.Source.Prefixes],
        Destinations = [.. rule.Destination.Prefixes],
        Ports = [.. rule.Destination.Ports],
        Direction = rule.Direction.ToString(),
    };
}

/// <summary>All NSGs and their user rules at one time.</summary>
internal sealed class NsgSet(ImmutableSortedDictionary<string, ImmutableArray<RuleSpec>> rules)
{
    public ImmutableSortedDictionary<string, ImmutableArray<RuleSpec>> Rules => rules;

    public NsgSet Without(string rule, params string[] nsgs)
    {
        var next = rules;
        foreach (var nsg in nsgs)
        {
            if (!next[nsg].Any(r => r.Name == rule))
                throw new InvalidOperationException($"The lab's {nsg} has no rule {rule} to take away.");
            next = next.SetItem(nsg, next[nsg].RemoveAll(r => r.Name == rule));
        }
        return new NsgSet(next);
    }

    public NsgSet With(RuleSpec rule, params string[] nsgs)
    {
        var next = rules;
        foreach (var nsg in nsgs)
            next = next.SetItem(nsg, [.. next[nsg].RemoveAll(r => r.Name == rule.Name).Add(rule).OrderBy(r => r.Priority)]);
        return new NsgSet(next);
    }

    /// <summary>The user rules of the given NSGs in place of those of the NSGs with the same names.</summary>
    public NsgSet ReplacedBy(IReadOnlyList<NetworkSecurityGroup> nsgs)
    {
        var next = rules;
        foreach (var nsg in nsgs)
        {
            if (!next.ContainsKey(nsg.Name))
                throw new ArgumentException($"The lab has no NSG '{nsg.Name}'; it has {string.Join(", ", rules.Keys)}.", nameof(nsgs));
            next = next.SetItem(nsg.Name, [.. nsg.Rules.Where(r => !r.IsDefault).Select(RuleSpec.Of).OrderBy(r => r.Priority)]);
        }
        return new NsgSet(next);
    }
}
