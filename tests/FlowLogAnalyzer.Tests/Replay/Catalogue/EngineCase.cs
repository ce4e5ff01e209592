using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Catalogue;

namespace FlowLogAnalyzer.Tests.Replay.Catalogue;

/// <summary>
/// A cluster with rules and flows in which a finding of the rules must fire, or a near miss in which it must not.
/// docs/findings/rules.md is made of these.
/// </summary>
internal sealed record EngineCase(string Id, string Name, Severity? Severity, Action<EngineCluster> Arrange) : ICatalogueCase
{
    public bool Fires => Severity is not null;

    /// <summary>Part of the subjects that the case is about: hardened NSGs have other rules that are right to be named.</summary>
    public string About { get; init; } = "";

    public static EngineCase Hit(string id, string name, Severity severity, Action<EngineCluster> arrange) => new(id, name, severity, arrange);

    public static EngineCase Miss(string id, string name, Action<EngineCluster> arrange) => new(id, name, null, arrange);

    public IReadOnlyList<Finding> Check()
    {
        using var cluster = new EngineCluster();
        Arrange(cluster);
        return [.. cluster.Check(Id).Where(f => f.Subject.Contains(About, StringComparison.Ordinal))];
    }
}

internal static class EngineCases
{
    public static IReadOnlyList<EngineCase> All { get; } = [.. ServiceRuleCases.All, .. ProbeRuleCases.All, .. ChangedRuleCases.All, .. UnusedRuleCases.All, .. TrustCases.All, .. ManagedNsgCases.All];
}
