using System.Text;

namespace FlowLogAnalyzer.Reports.Sections;

/// <summary>Lateral movement and pairs that did not talk to each other before.</summary>
internal static class SidewaysSection
{
    private const int MostArrows = 12;
    private const int MostPorts = 4;

    public static string Of(WeekDifference difference)
    {
        var facts = difference.Week;
        var findings = facts.Check.Findings.Where(f => f.Id.StartsWith("LAT-", StringComparison.Ordinal)).ToList();
        var text = new StringBuilder(findings.Count > 0
            ? $"{ReportText.Count(findings.Count, "finding speaks", "findings speak")} of lateral movement: {ReportText.Escape(string.Join("; ", findings.Take(ReportTable.MostRows).Select(f => $"{f.Id} {f.Subject}")))}.\n\n"
            : "No finding speaks of lateral movement.\n\n");
        text.Append("Sources inside that try many hosts, many ports or management ports:\n\n");
        text.Append(ReportTable.Of(
            [.. facts.Sideways.Rows], facts.Week, "None.",
            ReportColumn.Text("source", "source"), ReportColumn.Text("role", "role"), ReportColumn.Number("hosts", "hosts"), ReportColumn.Number("ports", "ports"), ReportColumn.Number("let in", "allowed"),
            ReportColumn.Number("refused", "refused"), ReportColumn.Number("to management ports", "to_management_ports"), ReportColumn.Text("first ports", "first_ports"), ReportColumn.Text("first", "first_seen"), ReportColumn.Text("last", "last_seen")));
        text.Append("\n### Pairs that are new this week\n\n");
        text.Append(difference.CanCompare ? NewEdges(difference) : "The lake holds nothing of the week before, so it is not known which pairs are new.\n");
        return text.ToString();
    }

    private static string NewEdges(WeekDifference difference)
    {
        var edges = difference.NewEdges();
        if (edges.Count == 0)
            return "None: everybody talked to the same ends as the week before.\n";

        var rows = edges.Take(ReportTable.MostRows).Select(r => new[] { r.Text("source"), r.Text("destination"), Port(r), r.Text("allowed"), r.Text("refused"), r.Text("first_seen") });
        return ReportTable.Table([("source", false), ("destination", false), ("port", true), ("let in", true), ("refused", true), ("first", false)], rows)
            + $"\n{ReportText.Count(edges.Count, "pair is new", "pairs are new")}. All pairs of the week: `{difference.Week.Edges.Command(difference.Week.Week)}`\n\n"
            + Graph(edges);
    }

    /// <summary>One arrow per pair, with its first ports; dotted arrows were refused, all of them or some.</summary>
    private static string Graph(IReadOnlyList<ResultRow> edges)
    {
        var nodes = new List<string>();
        int Node(string name)
        {
            if (!nodes.Contains(name, StringComparer.Ordinal))
                nodes.Add(name);
            return nodes.IndexOf(name);
        }

        var arrows = edges.GroupBy(r => (Source: r.Text("source"), Destination: r.Text("destination"))).Take(MostArrows).Select(pair =>
            $"    n{Node(pair.Key.Source)} {(pair.Any(r => r.Long("refused") > 0) ? "-.->" : "-->")}|\"{ReportText.Label(Ports([.. pair]))}\"| n{Node(pair.Key.Destination)}\n").ToList();
        var boxes = nodes.Select((name, i) => $"    n{i}[\"{ReportText.Label(name)}\"]\n");
        // Azure DevOps knows graph, not flowchart.
        return $"```mermaid\ngraph LR\n{string.Concat(boxes)}{string.Concat(arrows)}```\n";
    }

    private static string Ports(List<ResultRow> pair) =>
        string.Join(", ", pair.Select(Port).Distinct(StringComparer.Ordinal).Take(MostPorts)) + (pair.Count > MostPorts ? $" and {pair.Count - MostPorts} more" : "");

    private static string Port(ResultRow row) => row.Long("port").ToString(System.Globalization.CultureInfo.InvariantCulture);
}
