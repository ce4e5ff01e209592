using System.Buffers;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>
/// CSV as in RFC 4180, with LF. Text that a spreadsheet would take for a formula (it begins with =, +, -, @, tab or
/// carriage return) gets a leading apostrophe: names in logs are written by whoever may create a rule.
/// </summary>
internal static class CsvOutput
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");

    public static async Task WriteAsync(ResultSet rows, TextWriter output, CancellationToken ct)
    {
        await output.WriteLineAsync(string.Join(',', rows.Columns.Select(Cell)));
        await foreach (var row in rows.Rows.WithCancellation(ct))
            await output.WriteLineAsync(string.Join(',', row.Select(Cell)));
    }

    public static string Cell(object? cell)
    {
        var text = CellText.Of(cell);
        // A negative number is no formula: only what is text in the lake can be one.
        if (!CellText.IsNumber(cell) && text.Length > 0 && text[0] is ('=' or '+' or '-' or '@' or '\t' or '\r'))
            text = "'" + text;

        return text.AsSpan().ContainsAny(NeedQuotes) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
