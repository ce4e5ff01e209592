using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Coverage;

namespace FlowLogAnalyzer.Findings;

/// <summary>A finding that is far from any snapshot of the inventory is less sure, and says so.</summary>
internal static class FindingAge
{
    /// <summary>In the evidence of a finding that is far from any snapshot: the nearest one.</summary>
    public const string Key = "nearestSnapshot";

    public static Finding Lower(Finding finding, IReadOnlyList<DateTime> snapshots)
    {
        if (finding[Key] is not null || InventoryAge.Gap(snapshots, finding.FirstSeen, finding.LastSeen, "it") is not { } gap)
            return finding;

        var sql = finding.Evidence.Count - 1; // stays the last
        var evidence = finding.Evidence.Take(sql).Select(e => e is { Key: FindingCoverage.Key, Value: "A" or "B" } ? KeyValuePair.Create<string, object?>(e.Key, nameof(CoverageGrade.C)) : e);
        return finding with
        {
            Confidence = finding.Confidence == Confidence.High ? Confidence.Medium : Confidence.Low,
            Evidence = [.. evidence, KeyValuePair.Create<string, object?>(Key, gap.Nearest), .. finding.Evidence.Skip(sql)],
            Limits = [.. finding.Limits, gap.Text],
        };
    }
}
