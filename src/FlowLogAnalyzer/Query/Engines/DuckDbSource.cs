using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>The view <c>lake_tuples</c>: the active files as one table with the columns of <see cref="FlowColumns"/>, cut to the window.</summary>
internal static class DuckDbSource
{
    public static string CreateView(LakeDatabaseOptions options) =>
        $"create view lake_tuples as select {string.Join(", ", FlowColumns.All.Select(c => SqlText.Identifier(c.Name)))} from {Source(options.Files)} where {Window(options)}";

    private static string Source(IReadOnlyList<string> files)
    {
        if (files.Count == 0)
            return $"(select {string.Join(", ", FlowColumns.All.Select(c => $"null::{SqlType(c.Type)} as {SqlText.Identifier(c.Name)}"))} where false)";

        // Delta keeps the partition's value in the path; a file that was written elsewhere may carry it as a column.
        var partitioned = files.All(f => f.Contains($"{FlowColumns.Partition}=", StringComparison.Ordinal));
        return partitioned
            ? $"read_parquet({SqlText.List(files)}, hive_partitioning = true, hive_types = {{'{FlowColumns.Partition}': date}})"
            : $"read_parquet({SqlText.List(files)}, hive_partitioning = false)";
    }

    private static string Window(LakeDatabaseOptions options)
    {
        // On the stored column, so that the engine skips row groups by their statistics.
        var since = options.Since is { } from ? $"time >= {SqlText.Time(from)}" : "true";
        var until = options.Until is { } to ? $"time < {SqlText.Time(to)}" : "true";
        return $"{since} and {until}";
    }

    private static string SqlType(ColumnType type) => type switch
    {
        ColumnType.String => "varchar",
        ColumnType.Short => "smallint",
        ColumnType.Integer => "integer",
        ColumnType.Long => "bigint",
        ColumnType.Boolean => "boolean",
        ColumnType.Date => "date",
        ColumnType.Timestamp => "timestamptz",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No SQL type is known for this column type."),
    };
}
