using DuckDB.NET.Data;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Plain DuckDB over Parquet files: a reader that is not ours.</summary>
internal static class Duck
{
    /// <summary>The rows of a statement, each as its cells.</summary>
    public static IReadOnlyList<object?[]> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "set TimeZone = 'UTC'";
        command.ExecuteNonQuery();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    /// <summary>The one row of a statement as text cells, so that engines can be compared.</summary>
    public static string[] Row(string sql) => [.. Query(sql).Single().Select(Text)];

    /// <summary>A table function over the files of a lake.</summary>
    public static string Files(IEnumerable<string?> paths) =>
        $"read_parquet([{string.Join(", ", paths.Select(p => $"'{p}'"))}], hive_partitioning = true)";

    private static string Text(object? cell) => Convert.ToString(cell, System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
