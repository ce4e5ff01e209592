using System.Text;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>A Markdown table (GitHub flavour); nothing in a cell is taken for Markdown or HTML.</summary>
internal static class MarkdownOutput
{
    public static async Task WriteAsync(ResultSet rows, TextWriter output, CancellationToken ct)
    {
        await output.WriteLineAsync(Line(rows.Columns.Select(Escape)));
        await output.WriteLineAsync(Line(rows.Columns.Select(_ => "---")));
        await foreach (var row in rows.Rows.WithCancellation(ct))
            await output.WriteLineAsync(Line(row.Select(cell => Escape(CellText.Of(cell)))));
    }

    public static string Escape(string text)
    {
        var builder = new StringBuilder(text.Length + 8);
        foreach (var c in CellText.Visible(text))
        {
            builder.Append(c switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\n' => " ",
                '\\' or '|' or '`' or '*' or '_' or '[' or ']' or '~' or '#' => $"\\{c}",
                _ => c.ToString(),
            });
        }

        return builder.ToString();
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
