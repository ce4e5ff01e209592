namespace FlowLogAnalyzer.Reports.Sections;

/// <summary>The first screen: five numbers with last week's beside them, and five sentences.</summary>
internal static class SummarySection
{
    public static string Of(WeekDifference difference, ReportCoverage grade, ReportSummary summary)
    {
        var (now, before) = (difference.Week, difference.CanCompare ? difference.Before : null);
        string[][] rows =
        [
            ["Findings", now.IsEmpty ? "–" : ReportText.Number(now.Check.Findings.Count), Then(before, f => f.Check.Findings.Count)],
            ["Connections refused", ReportText.Number(now.Refused), Then(before, f => f.Refused)],
            ["Nodes taken out of rotation", ReportText.Number(now.OutOfRotation), Then(before, f => f.OutOfRotation)],
            ["Rules that refuse", ReportText.Number(now.Totals.Long("refusing_rules")), Then(before, f => f.Totals.Long("refusing_rules"))],
            ["Coverage", grade.Letter.ToString(), before is null ? "–" : ReportCoverage.Of(before.Coverage, before.LookedAt.OldInventory).Letter.ToString()],
        ];
        return Nothing(now) + ReportTable.Table([("", false), ("this week", true), ("the week before", true)], rows)
            + "\n## What changed since last week\n\n"
            + string.Concat(summary.Sentences.Select((sentence, i) => $"{i + 1}. {ReportText.Escape(sentence)}\n"));
    }

    /// <summary>First of all: a page without findings must not be taken for good news.</summary>
    private static string Nothing(WeekFacts week) => week.Whole.NothingLookedAt is { } nothing ? $"**{ReportText.Escape(nothing)}**\n\n" : "";

    private static string Then(WeekFacts? before, Func<WeekFacts, long> number) => before is null ? "–" : ReportText.Number(number(before));
}
