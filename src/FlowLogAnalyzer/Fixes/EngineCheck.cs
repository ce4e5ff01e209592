using System.Diagnostics;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Findings.Rules;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Fixes;

/// <summary>
/// A check with everything that needs the rules: the findings of the queries with a proved repair each, and those that come
/// from replaying rules.
/// </summary>
internal static class EngineCheck
{
    /// <summary>Ids and titles of the findings that no query makes.</summary>
    public static IReadOnlyList<(string Id, string Title)> Findings => EngineFindings.All;

    /// <param name="database">The lake.</param>
    /// <param name="model">The rules; without any, the result is that of the queries.</param>
    /// <param name="options">Which findings to look for.</param>
    /// <param name="cancellation">Cancels.</param>
    public static CheckResult Run(LakeDatabase database, NetworkModel model, CheckOptions? options = null, CancellationToken cancellation = default) =>
        RunWithRepairs(database, model, options, cancellation).Result;

    /// <summary>The same, with the bundles that repair what was found.</summary>
    public static CheckedWindow RunWithRepairs(
        LakeDatabase database, NetworkModel model, CheckOptions? options = null, CancellationToken cancellation = default)
    {
        using var step = FlowLogTelemetry.Start("check");
        var start = Stopwatch.GetTimestamp();
        try
        {
            var checkedWindow = Look(database, model, options ?? new CheckOptions(), cancellation);
            FlowLogMeters.CheckDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
            var result = checkedWindow.Result;
            step?.SetTag("flowlog.findings", result.Findings.Count);
            foreach (var severity in Enum.GetValues<Severity>())
                FlowLogMeters.Findings.Record(result.Findings.Count(f => f.Severity == severity && f.Suppressed is null), new KeyValuePair<string, object?>("severity", FindingJson.Word(severity)));
            return checkedWindow;
        }
        catch (Exception e)
        {
            step.Failed(e);
            throw;
        }
    }

    private static CheckedWindow Look(LakeDatabase database, NetworkModel model, CheckOptions options, CancellationToken cancellation)
    {
        var only = options.Only;
        var queries = only.Where(id => !Findings.Any(f => f.Id.Equals(id, StringComparison.OrdinalIgnoreCase))).ToList();

        // What a repair is for has to be looked for, even when only the repair was asked for.
        var result = FindingRunner.Run(database, options with { Only = only.Count > queries.Count ? [] : queries }, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (!model.HasRules)
            return new CheckedWindow(Without(result, only), [], () => []);

        var context = new EngineContext(database, model);
        var planner = new FixPlanner(database, model, options.Configuration);
        var suppressions = new SuppressionBook(options.Configuration.Suppressions, options.Now);
        IReadOnlyList<Finding> seen =
        [
            .. result.Findings,
            .. database.Clock.Time("findings from rules", () => EngineFindings.Run(context, result.Findings, only).ToList()).Select(suppressions.Apply),
        ];
        cancellation.ThrowIfCancellationRequested();
        var plans = database.Clock.Time("repairs", () => planner.PlanAll(seen));
        var findings = FindingFixes.Attach(seen, plans, new ChangeFinder(database, model)).Where(f => only.Count == 0 || only.Contains(f.Id, StringComparer.OrdinalIgnoreCase));
        bool IsAsked(string id) => only.Count == 0 || only.Contains(id, StringComparer.OrdinalIgnoreCase);
        return new CheckedWindow(
            result with { Findings = Finding.Sort(FindingCoverage.Grade(findings, database)), Skipped = [.. result.Skipped.Where(s => IsAsked(s.Id))] },
            [.. plans.Where(p => p.Cases.Keys.Any(f => IsAsked(f.Id))).Select(p => p.Bundle)],
            () => [.. UnusedRules.Of(context).Select(u => (u.Nsg.Name, u.Rule.Name))]);
    }

    private static CheckResult Without(CheckResult result, IReadOnlyList<string> only) => result with
    {
        Findings = [.. result.Findings.Where(f => only.Count == 0 || only.Contains(f.Id, StringComparer.OrdinalIgnoreCase))],
        Skipped =
        [
            .. result.Skipped.Where(s => only.Count == 0 || only.Contains(s.Id, StringComparer.OrdinalIgnoreCase)),
            .. Findings.Where(f => only.Count == 0 || only.Contains(f.Id, StringComparer.OrdinalIgnoreCase))
                .Select(f => SkippedFinding.For(f.Id, f.Title, ["no NSG rules (az network nsg list)"])),
        ],
    };
}
