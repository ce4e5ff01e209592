using DuckDB.NET.Data;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>Puts small tables into DuckDB with the appender.</summary>
internal static class DuckDbTables
{
    /// <summary>The empty table, with its meaning as a comment.</summary>
    public static string Create(TableShape shape)
    {
        var columns = shape.Columns.Select(c => $"{SqlText.Identifier(c.Name)} {SqlType(c.SqlType)}");
        return $"create table {shape.Name} ({string.Join(", ", columns)}); comment on table {shape.Name} is {SqlText.Literal(shape.Meaning)}";
    }

    public static void Append(DuckDBConnection connection, TableShape shape, IEnumerable<object?[]> rows)
    {
        using var appender = connection.CreateAppender(shape.Name);
        foreach (var cells in rows)
        {
            var row = appender.CreateRow();
            for (var i = 0; i < cells.Length; i++)
                AppendCell(row, cells[i], shape, shape.Columns[i]);
            row.EndRow();
        }
    }

    private static void AppendCell(IDuckDBAppenderRow row, object? cell, TableShape shape, TableColumn column)
    {
        switch (cell)
        {
            case null: row.AppendNullValue(); break;
            case string text: row.AppendValue(text); break;
            case bool flag: row.AppendValue(flag); break;
            case int number: row.AppendValue(number); break;
            case long number: row.AppendValue(number); break;
            case DateTime time: row.AppendValue(time); break;
            default: throw new ArgumentException($"{shape.Name}.{column.Name} holds a {cell.GetType().Name}; expected string, bool, int, long, DateTime or null.", nameof(cell));
        }
    }

    private static string SqlType(string type) => type switch
    {
        "text" => "varchar",
        "bool" => "boolean",
        "int" => "integer",
        "long" => "bigint",
        "timestamp" => "timestamptz",
        _ => throw new ArgumentException($"The inventory type '{type}' has no type in DuckDB.", nameof(type)),
    };
}
