using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>An array of objects, keys in column order, one object per line so that results can be compared line by line.</summary>
internal static class JsonOutput
{
    /// <summary>Readable JSON: the output is no HTML, so quotes and umlauts need no escapes.</summary>
    public static JsonWriterOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonWriterOptions Indented { get; } = Compact with { Indented = true, NewLine = "\n" };

    public static async Task WriteAsync(ResultSet rows, TextWriter output, CancellationToken ct)
    {
        var count = 0;
        await output.WriteAsync('[');
        await foreach (var row in rows.Rows.WithCancellation(ct))
        {
            await output.WriteAsync(count++ == 0 ? "\n  " : ",\n  ");
            await output.WriteAsync(Row(rows.Columns, row));
        }

        await output.WriteLineAsync(count == 0 ? "]" : "\n]");
    }

    public static string Row(IReadOnlyList<string> columns, IReadOnlyList<object?> row) => Text(json =>
    {
        json.WriteStartObject();
        for (var i = 0; i < columns.Count; i++)
        {
            json.WritePropertyName(columns[i]);
            JsonCells.Write(json, row[i]);
        }

        json.WriteEndObject();
    });

    public static string Text(object? cell) => Text(json => JsonCells.Write(json, cell));

    public static string Text(Action<Utf8JsonWriter> write, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, indented ? Indented : Compact))
            write(json);

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
