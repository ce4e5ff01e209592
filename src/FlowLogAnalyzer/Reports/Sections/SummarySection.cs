namespace FlowLogAnalyzer.Reports.Sections;

/// <summary>The first screen: five numbers with last week's beside them, and five sentences.</summary>
internal static class SummarySection
{
    public static string Of(WeekDifference difference, ReportCoverage grade, ReportSummary summary)
    {
        var (now, before) = (difference.Week, difference.CanCompare ? difference.Before : null);
        string[][] rows =
        [
            ["Findings", ReportText.Number(now.Check.Findings.Count), Then(before, f => f.Check.Findings.Count)],
            ["Connections refused", ReportText.Number(now.Refused), Then(before, f => f.Refused)],
            ["Nodes that refuse probes", ReportText.Number(Refusing(now)), Then(before, Refusing)],
            ["Rules that refuse", ReportText.Number(now.Totals.Long("refusing_rules")), Then(before, f => f.Totals.Long("refusing_rules"))],
            ["Coverage", grade.Letter.ToString(), before is null ? "–" : ReportCoverage.Of(before.Coverage).Letter.ToString()],
        ];
        return ReportTable.Table([("", false), ("this week", true), ("the week before", true)], rows)
            + "\n## What changed since last week\n\n"
            + string.Concat(summary.Sentences.Select((sentence, i) => $"{i + 1}. {ReportText.Escape(sentence)}\n"));
    }

    private static string Then(WeekFacts? before, Func<WeekFacts, long> number) => before is null ? "–" : ReportText.Number(number(before));

    private static long Refusing(WeekFacts facts) =>
        facts.Probes.Rows.Where(r => r.Long("refused") > 0).Select(r => r.Text("node")).Distinct(StringComparer.Ordinal).Count();
}
