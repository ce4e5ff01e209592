namespace FlowLogAnalyzer.Reports.Sections;

/// <summary>What share of the requests fails, per service and client, over time.</summary>
internal static class FailureSection
{
    private const int MostSeries = 5;

    public static string Of(WeekFacts facts, ReportCharts charts)
    {
        var rows = facts.Failures.Rows.ToList();
        var table = ReportTable.Of(
            rows, facts.Week, "No connection to a service is in the logs.",
            ReportColumn.Text("service", "service"), ReportColumn.Text("client", "client"), ReportColumn.Number("connections", "connections"), ReportColumn.Number("refused", "refused"),
            new("share", row => ReportText.Percent(row.Double("failure_share")), IsNumber: true), ReportColumn.Text("first refused", "first_refused"), ReportColumn.Text("last refused", "last_refused"));
        var refused = rows.Where(r => r.Long("refused") > 0).Take(MostSeries).Select(Pair).ToHashSet();
        if (refused.Count == 0)
            return table;

        var series = facts.FailuresOverTime.Rows.Where(r => refused.Contains(Pair(r))).GroupBy(Pair).Select(g => new ShareSeries(
            $"{g.Key.Client} to {g.Key.Service}",
            [.. g.Select(r => (r.Time("interval_start")!.Value, r.Long("refused") / (double)r.Long("connections")))])).ToList();
        var worst = series.SelectMany(s => s.Points.Select(p => (s.Name, p.Time, p.Share))).OrderByDescending(p => p.Share).ThenBy(p => p.Time).First();
        var alt = $"Share of refused connections over time, {ReportText.Count(series.Count, "line", "lines")}; the highest point is {ReportText.Percent(worst.Share)}, {worst.Name}, in the interval from {ReportText.Time(worst.Time)}.";
        return table + "\n" + charts.Shares("failures", alt, series, facts.IntervalSeconds)
            + $"\nEvery point: `{facts.FailuresOverTime.Command(facts.Week)}`\n";
    }

    private static (string Service, string Client) Pair(ResultRow row) => (row.Text("service"), row.Text("client"));
}
