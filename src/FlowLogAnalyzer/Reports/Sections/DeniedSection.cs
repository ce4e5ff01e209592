using System.Text;

namespace FlowLogAnalyzer.Reports.Sections;

/// <summary>Refused connections by rule, role and service.</summary>
internal static class DeniedSection
{
    private const int MostSlices = 6;

    public static string Of(WeekFacts facts)
    {
        var rows = facts.Denied.Rows.ToList();
        var table = ReportTable.Of(
            rows, facts.Week, "Nothing was refused.",
            ReportColumn.Text("NSG", "nsg"), ReportColumn.Text("rule", "rule"), ReportColumn.Text("from", "from_role"), ReportColumn.Text("to", "to_role"), ReportColumn.Text("service or port", "target"),
            ReportColumn.Number("refused", "refused"), ReportColumn.Number("sources", "sources"), ReportColumn.Text("first", "first_seen"), ReportColumn.Text("last", "last_seen"));
        return rows.Count == 0 ? table : table + "\n" + Pie(rows);
    }

    private static string Pie(List<ResultRow> rows)
    {
        var byRule = rows.GroupBy(r => $"{r.Text("nsg")} / {r.Text("rule")}").Select(g => (Name: g.Key, Refused: g.Sum(r => r.Long("refused"))))
            .OrderByDescending(g => g.Refused).ThenBy(g => g.Name, StringComparer.Ordinal).ToList();
        var text = new StringBuilder("```mermaid\npie showData\n    title Refused connections by rule\n");
        foreach (var (name, refused) in byRule.Take(MostSlices))
            text.Append($"    \"{ReportText.Label(name)}\" : {refused}\n");
        if (byRule.Count > MostSlices)
            text.Append($"    \"others\" : {byRule.Skip(MostSlices).Sum(g => g.Refused)}\n");
        return text.Append("```\n").ToString();
    }
}
