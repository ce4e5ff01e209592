using System.Collections.Immutable;

namespace FlowLogAnalyzer.Lab.Model;

/// <summary>An inbound rule as a user would write it. Source ports are always any.</summary>
internal sealed record RuleSpec(string Name, int Priority, string Access, string Protocol)
{
    public string[] Sources { get; init; } = ["*"];

    public string[] Destinations { get; init; } = ["*"];

    public string[] Ports { get; init; } = ["*"];
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
}
