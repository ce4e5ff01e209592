using FlowLogAnalyzer.Findings;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Findings that could not be looked for, in lines.</summary>
internal static class SkippedText
{
    private const int MostIds = 4;

    /// <summary>One line per thing that is missing, what most findings want first; a finding counts at everything it lacks.</summary>
    public static IEnumerable<string> Short(IReadOnlyList<SkippedFinding> skipped)
    {
        if (skipped.Count == 0)
            yield break;

        yield return $"Not looked for: {skipped.Count} {(skipped.Count == 1 ? "finding" : "findings")}. The inventory has";
        foreach (var group in skipped.SelectMany(s => s.Missing.Select(m => (Missing: m, s.Id))).GroupBy(p => p.Missing, p => p.Id).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
            yield return $"  {group.Key}: {string.Join(", ", group.Take(MostIds))}{(group.Count() > MostIds ? $" and {group.Count() - MostIds} more" : "")}";
        yield return "Add what there is with `flowlog inventory import`; `flowlog check --output md` says of each finding what it lacks.";
    }

    /// <summary>One line per finding.</summary>
    public static IEnumerable<string> Each(IReadOnlyList<SkippedFinding> skipped) => skipped.Select(s => $"Not looked for: {s.Id}. {s.Reason}");
}
