using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>Things that go wrong on nodes and that no NSG knows of.</summary>
internal sealed record Quirks
{
    public static Quirks None { get; } = new();

    /// <summary>Nodes (role and number) whose answer to the probe is not 200.</summary>
    public IReadOnlyList<(string Role, int Node)> BadAnswers { get; init; } = [];

    /// <summary>Nodes that the load balancer does not probe, although its export lists them.</summary>
    public IReadOnlyList<(string Role, int Node)> NotProbed { get; init; } = [];

    public bool Suspects(LabNode node) => BadAnswers.Contains((node.Role, node.PoolIndex));

    public bool IsNotProbed(LabNode node) => NotProbed.Contains((node.Role, node.PoolIndex));
}
