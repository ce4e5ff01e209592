using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Analysis;

namespace FlowLogAnalyzer.Tests.Catalogue;

/// <summary>
/// A small network in which a finding must fire, or a near miss in which it must not. docs/findings is made of these: the
/// first hit of each id is its example.
/// </summary>
internal sealed record FindingCase(string Id, string Name, Severity? Severity, Action<StoryCluster> Arrange) : ICatalogueCase
{
    public bool Fires => Severity is not null;

    public static FindingCase Hit(string id, string name, Severity severity, Action<StoryCluster> arrange) => new(id, name, severity, arrange);

    public static FindingCase Miss(string id, string name, Action<StoryCluster> arrange) => new(id, name, null, arrange);

    public IReadOnlyList<Finding> Check()
    {
        using var cluster = new StoryCluster();
        Arrange(cluster);
        return cluster.Check(Id);
    }
}

internal static class FindingCases
{
    public static IReadOnlyList<FindingCase> All { get; } =
        [.. ProbeCases.All, .. ClientCases.All, .. LateralCases.All, .. NewPathCases.All, .. RhythmCases.All, .. EgressCases.All, .. ObservationCases.All];
}
