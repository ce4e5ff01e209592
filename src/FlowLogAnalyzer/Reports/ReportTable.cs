using System.Text;

namespace FlowLogAnalyzer.Reports;

/// <summary>A column of a report's table: its heading and a row's cell, not yet escaped.</summary>
internal sealed record ReportColumn(string Heading, Func<ResultRow, string> Cell, bool IsNumber = false)
{
    public static ReportColumn Text(string heading, string column) => new(heading, row => row.Text(column));

    public static ReportColumn Number(string heading, string column) => new(heading, row => row.Text(column), IsNumber: true);
}

/// <summary>Tables of at most ten rows, followed by how many there are more and the command that shows all.</summary>
internal static class ReportTable
{
    public const int MostRows = 10;

    public static string Of(IReadOnlyList<ResultRow> rows, IsoWeek week, string none, params ReportColumn[] columns) =>
        rows.Count == 0
            ? $"{none}\n"
            : Table([.. columns.Select(c => (c.Heading, c.IsNumber))], rows.Take(MostRows).Select(row => columns.Select(c => c.Cell(row)))) + Source(rows, week);

    /// <summary>A table; headings and cells are escaped here.</summary>
    public static string Table(IReadOnlyList<(string Heading, bool IsNumber)> columns, IEnumerable<IEnumerable<string>> rows)
    {
        var text = new StringBuilder();
        text.Append(Line(columns.Select(c => ReportText.Escape(c.Heading))));
        text.Append(Line(columns.Select(c => c.IsNumber ? "---:" : "---")));
        foreach (var row in rows)
            text.Append(Line(row.Select(ReportText.Escape)));
        return text.ToString();
    }

    /// <summary>Where rows come from.</summary>
    public static string Source(IReadOnlyList<ResultRow> rows, IsoWeek week)
    {
        var more = rows.Count > MostRows ? $"{ReportText.Number(rows.Count - MostRows)} more rows: " : "All of it: ";
        return $"\n{more}`{rows[0].Table.Command(week)}`\n";
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
