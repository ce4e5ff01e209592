using System.Collections;
using System.Globalization;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Coverage;

namespace FlowLogAnalyzer.Findings;

/// <summary>
/// Tells with every finding how far the logs of the place and time it speaks of can be relied on: evidence
/// <c>coverage</c> is the worst grade of its NICs and hours, and what makes it worse than an A is a limit.
/// </summary>
internal static class FindingCoverage
{
    /// <summary>In the evidence.</summary>
    public const string Key = "coverage";

    private const int MostReasons = 2;

    /// <summary>The findings, those without a grade with it; as they were when the lake does not know which blobs were read.</summary>
    public static IEnumerable<Finding> Grade(IEnumerable<Finding> findings, LakeDatabase database) =>
        findings.Select(finding => finding[Key] is null ? Graded(finding, Of(finding, database.Coverage)) : finding)
            .Select(finding => FindingAge.Lower(finding, database.Options.Snapshots));

    /// <summary>The NICs of the nodes that the finding names, else those that its NSG guards, else all, in the hours it was seen in.</summary>
    private static CoverageHour[] Of(Finding finding, IReadOnlyList<CoverageHour> hours)
    {
        CoverageHour[] then = [.. hours.Where(h => h.Hour <= finding.LastSeen && new BlobHour(h.Hour).EndUtc > finding.FirstSeen)];
        var (nodes, nsgs) = (Names(finding, "nodes", "sourceNode"), Names(finding, "nsgs", "nsg"));
        CoverageHour[] there = [.. then.Where(h => h.Name is { } name && nodes.Contains(name))];
        if (there.Length == 0)
            there = [.. then.Where(h => h.Nsgs.Any(nsgs.Contains))];
        return there.Length == 0 ? then : there;
    }

    private static HashSet<string> Names(Finding finding, string list, string one)
    {
        var names = (finding[list] as IEnumerable ?? Array.Empty<object>()).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (finding[one] is string name)
            names.Add(name);
        return names;
    }

    private static Finding Graded(Finding finding, CoverageHour[] hours)
    {
        if (hours.Length == 0)
            return finding;

        var worst = hours.Max(h => h.Grade);
        var sql = finding.Evidence.Count - 1; // stays the last
        return finding with
        {
            Evidence = [.. finding.Evidence.Take(sql), KeyValuePair.Create<string, object?>(Key, worst.ToString()), .. finding.Evidence.Skip(sql)],
            Limits = worst == CoverageGrade.A ? finding.Limits : [.. finding.Limits, Limit(worst, hours)],
        };
    }

    private static string Limit(CoverageGrade worst, CoverageHour[] hours)
    {
        var reasons = hours.Where(h => h.Grade == worst).SelectMany(h => h.Notes).GroupBy(n => n, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostReasons).Select(g => g.Key);
        var below = hours.Count(h => h.Grade == worst);
        return string.Create(CultureInfo.InvariantCulture,
            $"The logs of this place and time are graded {worst}, for {below} of {hours.Length} {(hours.Length == 1 ? "NIC hour" : "NIC hours")}: {string.Join(' ', reasons)} `flowlog lake coverage --by-hour` lists all.");
    }
}
