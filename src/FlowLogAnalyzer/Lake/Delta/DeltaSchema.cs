using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>A list of columns as the schema text of a table's metadata (protocol, "Schema Serialization Format").</summary>
internal static class DeltaSchema
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IReadOnlyList<Column> columns)
    {
        using var stream = new MemoryStream();
        using (var w = new Utf8JsonWriter(stream, Options))
        {
            w.WriteStartObject();
            w.WriteString("type", "struct");
            w.WriteStartArray("fields");
            foreach (var column in columns)
                Field(w, column);
            w.WriteEndArray();
            w.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Name, type and nullability; the comments may differ between versions of this program.</summary>
    public static IReadOnlyList<(string Name, string Type, bool Nullable)> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("fields").EnumerateArray().Select(f =>
            (f.GetProperty("name").GetString()!, f.GetProperty("type").ToString(), f.GetProperty("nullable").GetBoolean()))];
    }

    public static string TypeName(ColumnType type) => type switch
    {
        ColumnType.String => "string",
        ColumnType.Short => "short",
        ColumnType.Integer => "integer",
        ColumnType.Long => "long",
        ColumnType.Boolean => "boolean",
        ColumnType.Date => "date",
        ColumnType.Timestamp => "timestamp",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such column type"),
    };

    private static void Field(Utf8JsonWriter w, Column column)
    {
        w.WriteStartObject();
        w.WriteString("name", column.Name);
        w.WriteString("type", TypeName(column.Type));
        w.WriteBoolean("nullable", column.Nullable);
        w.WriteStartObject("metadata");
        w.WriteString("comment", column.Meaning);
        w.WriteEndObject();
        w.WriteEndObject();
    }
}
