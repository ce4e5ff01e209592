namespace FlowLogAnalyzer.Cli.Output;

/// <summary>One JSON object per line: for jq, for loading elsewhere, and for results too long to hold.</summary>
internal static class JsonLinesOutput
{
    public static async Task WriteAsync(ResultSet rows, TextWriter output, CancellationToken ct)
    {
        await foreach (var row in rows.Rows.WithCancellation(ct))
            await output.WriteLineAsync(JsonOutput.Row(rows.Columns, row));
    }
}
