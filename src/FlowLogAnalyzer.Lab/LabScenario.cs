using FlowLogAnalyzer.Lab.Model;
using FlowLogAnalyzer.Lab.Simulation;

namespace FlowLogAnalyzer.Lab;

/// <summary>A named state of the cluster and its network, with what must be found in its logs.</summary>
public sealed class LabScenario
{
    internal LabScenario(string name, string description)
    {
        Name = name;
        Description = description;
    }

    public string Name { get; }

    /// <summary>One paragraph: what is set up, what goes wrong, and what that looks like.</summary>
    public string Description { get; }

    /// <summary>Length when the options name none.</summary>
    public int Minutes { get; internal init; } = 30;

    /// <summary>Ids of findings that are right to fire as well; all others, above info, would be false alarms.</summary>
    public IReadOnlyList<string> AlsoPossible { get; internal init; } = [];

    internal LabSpec Spec { get; init; } = new();

    internal IReadOnlyList<LabPhase> Phases { get; init; } = [LabPhase.Healthy];

    internal Quirks Quirks { get; init; } = Quirks.None;

    internal Action<LabWorld>? Behaviour { get; init; }

    internal Func<LabCluster, IEnumerable<ExpectedFinding>> Expected { get; init; } = _ => [];
}

/// <summary>A stretch of time with rules of its own, made from the rules with which all works.</summary>
internal sealed record LabPhase(string Name, Func<NsgSet, LabCluster, NsgSet> Rules)
{
    public static LabPhase Healthy { get; } = new("all works", (rules, _) => rules);

    public static LabPhase Of(string name, Func<NsgSet, NsgSet> rules) => new(name, (healthy, _) => rules(healthy));
}
