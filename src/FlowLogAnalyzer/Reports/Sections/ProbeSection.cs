using System.Text;

namespace FlowLogAnalyzer.Reports.Sections;

/// <summary>Whether the load balancer's probes get through, node by node, and when not.</summary>
internal static class ProbeSection
{
    private const int MostNodes = 24;

    public static string Of(WeekFacts facts, ReportCharts charts)
    {
        var table = ReportTable.Of(
            [.. facts.Probes.Rows], facts.Week, "No probe of a load balancer is in the logs: either no NIC in a backend pool is logged, or nothing is probed.",
            ReportColumn.Text("node", "node"), new("probe port", row => row.Long("probe_port").ToString(System.Globalization.CultureInfo.InvariantCulture), IsNumber: true),
            ReportColumn.Number("let in", "allowed"), ReportColumn.Number("refused", "refused"),
            ReportColumn.Text("first refused", "first_refused"), ReportColumn.Text("last refused", "last_refused"), ReportColumn.Text("NSG", "nsg"), ReportColumn.Text("rule", "rule"));
        var all = Strips(facts);
        if (all.Count == 0)
            return table;

        var strips = all.Take(MostNodes).ToList();
        var bad = strips.Count(s => s.Cells.Any(c => c.State != ProbeState.LetIn));
        var alt = $"Timeline of probes at {ReportText.Count(strips.Count, "node", "nodes")}, {(bad == 0 ? "none" : ReportText.Number(bad))} of which refused any; the same in characters follows.";
        return table + "\n" + charts.Probes("probes", alt, strips, facts.IntervalSeconds) + "\n" + Characters(strips, facts)
            + (all.Count > MostNodes ? $"\n{all.Count - MostNodes} more nodes are not drawn.\n" : "")
            + $"\nEvery interval: `{facts.ProbesOverTime.Command(facts.Week)}`\n";
    }

    private static List<ProbeStrip> Strips(WeekFacts facts) =>
    [
        .. facts.ProbesOverTime.Rows.GroupBy(r => r.Text("node")).Select(g => new ProbeStrip(
            g.Key, [.. g.Select(r => (r.Time("interval_start")!.Value, State(r.Long("allowed"), r.Long("refused"))))]))
            .OrderByDescending(s => s.Cells.Count(c => c.State != ProbeState.LetIn)).ThenBy(s => s.Node, StringComparer.Ordinal),
    ];

    private static ProbeState State(long allowed, long refused) =>
        refused == 0 ? ProbeState.LetIn : allowed == 0 ? ProbeState.Refused : ProbeState.Both;

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
        return ReportText.Fence("text", lines) + $"\n`+` let in, `~` let in and refused, `x` refused, `.` no probe in the log; one character is {Length(facts.IntervalSeconds)}, the first begins at {ReportText.Time(first)}.\n";
    }

    private static char Character(ProbeState state) => state switch { ProbeState.LetIn => '+', ProbeState.Both => '~', _ => 'x' };

    private static string Length(int seconds) => seconds < 3600 ? ReportText.Count(seconds / 60, "minute", "minutes") : ReportText.Count(seconds / 3600, "hour", "hours");
}
