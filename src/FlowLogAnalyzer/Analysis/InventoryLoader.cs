using DuckDB.NET.Data;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Analysis;

/// <summary>Puts inventory tables into DuckDB with the appender.</summary>
internal static class InventoryLoader
{
    /// <summary>What a flow is joined by: for one key, at one time, there must be one row, or a join would count flows twice.</summary>
    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        [InventorySchema.Nics.Name] = ["mac"],
        [InventorySchema.Addresses.Name] = ["ip"],
        [InventorySchema.Frontends.Name] = ["ip", "port", "protocol"],
    };

    /// <summary>Creates the table and fills it; returns how many rows had to be cut because they overlapped another of the same key.</summary>
    public static int Load(DuckDBConnection connection, TableShape shape, IReadOnlyList<object?[]> rows)
    {
        using (var command = connection.CreateCommand())
        {
            command.CommandText = CreateTable(shape);
            command.ExecuteNonQuery();
        }

        return Append(connection, shape, rows);
    }

    /// <summary>The empty table, with its meaning as a comment.</summary>
    public static string CreateTable(TableShape shape)
    {
        var columns = shape.Columns.Select(c => $"{SqlText.Identifier(c.Name)} {SqlType(c.SqlType)}");
        return $"create table {shape.Name} ({string.Join(", ", columns)}); comment on table {shape.Name} is {SqlText.Literal(shape.Meaning)}";
    }

    public static int Append(DuckDBConnection connection, TableShape shape, IEnumerable<object?[]> rows)
    {
        var overlapping = 0;
        if (Keys.TryGetValue(shape.Name, out var key))
            rows = DisjointIntervals.Of(shape, key, rows, out overlapping);

        using var appender = connection.CreateAppender(shape.Name);
        foreach (var cells in rows)
        {
            if (cells.Length != shape.Columns.Count)
                throw new ArgumentException($"A row of the inventory table {shape.Name} has {cells.Length} cells, expected {shape.Columns.Count}.", nameof(rows));

            var row = appender.CreateRow();
            for (var i = 0; i < cells.Length; i++)
                AppendCell(row, cells[i], shape, shape.Columns[i]);
            row.EndRow();
        }

        return overlapping;
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
