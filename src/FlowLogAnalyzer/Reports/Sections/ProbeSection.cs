using System.Text;

namespace FlowLogAnalyzer.Reports.Sections;

/// <summary>Which nodes the load balancer holds for healthy, by the whole way of their probes, and since when not.</summary>
internal static class ProbeSection
{
    private const int MostNodes = 24;

    public static string Of(WeekFacts facts, ReportCharts charts)
    {
        var table = ReportTable.Of(
            [.. facts.Probes.Rows], facts.Week, "No probe of a load balancer is in the logs: either no NIC in a backend pool is logged, or nothing is probed.",
            ReportColumn.Text("node", "node"), ReportColumn.Text("service", "service"), new("probe port", row => row.Long("probe_port").ToString(System.Globalization.CultureInfo.InvariantCulture), IsNumber: true),
            ReportColumn.Number("let in", "allowed"), ReportColumn.Number("refused", "refused"), ReportColumn.Number("second hops refused", "hops_refused"),
            ReportColumn.Number("minutes unhealthy", "minutes_unhealthy"), ReportColumn.Number("minutes flapping", "minutes_flapping"),
            ReportColumn.Text("first", "first_unhealthy"), ReportColumn.Text("last", "last_unhealthy"), ReportColumn.Text("NSG", "nsg"), ReportColumn.Text("rule", "rule"));
        var all = Strips(facts);
        if (all.Count == 0)
            return table;

        var strips = all.Take(MostNodes).ToList();
        var bad = strips.Count(s => s.Cells.Any(c => c.State != ProbeState.Healthy));
        var alt = $"Timeline of {ReportText.Count(strips.Count, "node", "nodes")} as the load balancer sees them, {(bad == 0 ? "none" : ReportText.Number(bad))} of which it took out of rotation at some time; the same in characters follows.";
        return table + "\n" + charts.Probes("probes", alt, strips, facts.IntervalSeconds) + "\n" + Characters(strips, facts)
            + (all.Count > MostNodes ? $"\n{all.Count - MostNodes} more nodes are not drawn.\n" : "")
            + $"\nEvery interval: `{facts.ProbesOverTime.Command(facts.Week)}`\n";
    }

    private static List<ProbeStrip> Strips(WeekFacts facts) =>
    [
        .. facts.ProbesOverTime.Rows.GroupBy(r => r.Text("node")).Select(g => new ProbeStrip(
            g.Key, [.. g.Where(r => r.Long("healthy") + r.Long("flapping") + r.Long("unhealthy") > 0).Select(r => (r.Time("interval_start")!.Value, State(r)))]))
            .Where(s => s.Cells.Count > 0)
            .OrderByDescending(s => s.Cells.Count(c => c.State != ProbeState.Healthy)).ThenBy(s => s.Node, StringComparer.Ordinal),
    ];

    /// <summary>A node that has no pod of a Local-mode Service is out of its rotation by design: that Service says nothing about it.</summary>
    private static ProbeState State(ResultRow row) =>
        row.Long("unhealthy") + row.Long("flapping") == 0 ? ProbeState.Healthy
        : row.Long("healthy") + row.Long("flapping") == 0 ? ProbeState.Unhealthy
        : ProbeState.Flapping;

    /// <summary>One character per interval, so that the timeline can be read without a picture.</summary>
    private static string Characters(List<ProbeStrip> strips, WeekFacts facts)
    {
        var (first, last) = (strips.Min(s => s.Cells[0].Time), strips.Max(s => s.Cells[^1].Time));
        var width = strips.Max(s => ReportText.Visible(s.Node).Length);
        var lines = strips.Select(strip =>
        {
            var cells = strip.Cells.ToDictionary(c => c.Time, c => c.State);
            var line = new StringBuilder(ReportText.Visible(strip.Node).PadRight(width + 1));
            for (var time = first; time <= last; time = time.AddSeconds(facts.IntervalSeconds))
                line.Append(cells.TryGetValue(time, out var state) ? Character(state) : '.');
            return line.ToString();
        });
        return ReportText.Fence("text", lines) + $"\n`+` in rotation, `~` in and out, `x` out of rotation, `.` no probe in the log; one character is {Length(facts.IntervalSeconds)}, the first begins at {ReportText.Time(first)}.\n";
    }

    private static char Character(ProbeState state) => state switch { ProbeState.Healthy => '+', ProbeState.Flapping => '~', _ => 'x' };

    private static string Length(int seconds) => seconds < 3600 ? ReportText.Count(seconds / 60, "minute", "minutes") : ReportText.Count(seconds / 3600, "hour", "hours");
}
