using System.Globalization;
using System.Net;
using System.Text.Json;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>Puts small tables on the server. Every column can be null: functions such as lag() then answer null as they do in DuckDB.</summary>
internal static class ClickHouseTables
{
    private const string TimeType = "Nullable(DateTime64(6, 'UTC'))";

    public static string Create(TableShape shape) =>
        $"create table {shape.Name} ({string.Join(", ", shape.Columns.Select(c => $"{SqlText.Identifier(c.Name)} {SqlType(c.SqlType)}"))}) engine = MergeTree order by tuple()";

    /// <summary>The statement and its rows, to be sent.</summary>
    public static HttpContent Insert(TableShape shape, IEnumerable<object?[]> rows) => new RowsContent($"insert into {shape.Name} format JSONCompactEachRow\n", rows);

    /// <summary>The type of a column of the lake.</summary>
    public static string SqlType(ColumnType type) => type switch
    {
        ColumnType.String => "Nullable(String)",
        ColumnType.Short => "Nullable(Int16)",
        ColumnType.Integer => "Nullable(Int32)",
        ColumnType.Long => "Nullable(Int64)",
        ColumnType.Boolean => "Nullable(Bool)",
        ColumnType.Date => "Nullable(Date32)",
        ColumnType.Timestamp => TimeType,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No type of ClickHouse is known for this column type."),
    };

    private static string SqlType(string type) => type switch
    {
        "text" => "Nullable(String)",
        "bool" => "Nullable(Bool)",
        "int" => "Nullable(Int32)",
        "long" => "Nullable(Int64)",
        "timestamp" => TimeType,
        _ => throw new ArgumentException($"The inventory type '{type}' has no type in ClickHouse.", nameof(type)),
    };

    /// <summary>A body that is written as it is sent.</summary>
    private sealed class RowsContent(string statement, IEnumerable<object?[]> rows) : HttpContent
    {
        private const int FlushedBytes = 1 << 16;

        protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(statement));
            using var json = new Utf8JsonWriter(stream, new() { SkipValidation = true });
            foreach (var row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                json.WriteStartArray();
                foreach (var cell in row)
                    Write(json, cell);
                json.WriteEndArray();
                if (json.BytesPending > FlushedBytes)
                    json.Flush();
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            SerializeToStream(stream, context, CancellationToken.None);
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        private static void Write(Utf8JsonWriter json, object? cell)
        {
            switch (cell)
            {
                case null: json.WriteNullValue(); break;
                case string text: json.WriteStringValue(text); break;
                case bool flag: json.WriteBooleanValue(flag); break;
                case int number: json.WriteNumberValue(number); break;
                case long number: json.WriteNumberValue(number); break;
                case DateTime time: json.WriteStringValue(time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)); break;
                default: throw new ArgumentException($"A table holds a {cell.GetType().Name}; expected string, bool, int, long, DateTime or null.", nameof(cell));
            }
        }
    }
}
