using FlowLogAnalyzer.Analysis;

namespace FlowLogAnalyzer.Replay;

/// <summary>
/// A check with everything that needs the rules: the findings of the queries with a proved repair each, and those that come
/// from replaying rules.
/// </summary>
public static class EngineCheck
{
    /// <summary>Ids and titles of the findings that no query makes.</summary>
    public static IReadOnlyList<(string Id, string Title)> Findings => [("LBC-005", "A repair that makes things worse when only a part of it is applied")];

    /// <param name="database">The lake.</param>
    /// <param name="model">The rules; without any, the result is that of the queries.</param>
    /// <param name="options">Which findings to look for.</param>
    /// <param name="cancellation">Cancels.</param>
    public static CheckResult Run(LakeDatabase database, NetworkModel model, CheckOptions? options = null, CancellationToken cancellation = default)
    {
        var only = options?.Only ?? [];
        var queries = only.Where(id => !Findings.Any(f => f.Id.Equals(id, StringComparison.OrdinalIgnoreCase))).ToList();

        // What a repair is for has to be looked for, even when only the repair was asked for.
        var result = FindingRunner.Run(database, new CheckOptions { Only = only.Count > queries.Count ? [] : queries }, cancellation);
        cancellation.ThrowIfCancellationRequested();
        var planned = new FixPlanner(database, model).PlanAll(result.Findings);
        var findings = FindingFixes.Attach(result.Findings, planned).Where(f => only.Count == 0 || only.Contains(f.Id, StringComparer.OrdinalIgnoreCase));
        return result with { Findings = Finding.Sort(findings), Skipped = [.. result.Skipped.Where(s => only.Count == 0 || only.Contains(s.Id, StringComparer.OrdinalIgnoreCase))] };
    }
}
