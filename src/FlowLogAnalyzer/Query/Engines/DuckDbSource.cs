using System.Text.RegularExpressions;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>The view <c>lake_tuples</c>: the active files as one table with the columns of <see cref="FlowColumns"/>, cut to the window.</summary>
internal static partial class DuckDbSource
{
    public static string CreateView(LakeDatabaseOptions options)
    {
        var isOurs = options.Files.Count > 0 && options.FileDates.Count == 0 && options.Files.All(f => OwnFile().IsMatch(f)) && !AdditionalColumns.OfDuckDb(options).Any();
        return isOurs ? Own(options) : Any(options);
    }

    /// <summary>Files that flowlog wrote have flowlog's columns and types.</summary>
    private static string Own(LakeDatabaseOptions options)
    {
        // Delta keeps the partition's value in the path; a file that was written elsewhere may carry it as a column.
        var partitioned = options.Files.All(f => f.Contains($"{FlowColumns.Partition}=", StringComparison.Ordinal));
        var columns = string.Join(", ", FlowColumns.All.Select(c => SqlText.Identifier(c.Name)));
        return $"create view lake_tuples as select {columns} from {Read(options.Files, partitioned, others: "")} where {Window(options)}";
    }

    /// <summary>
    /// Files of other writers may lack columns, have more, or have other types (Spark's times are INT96, without a zone): each
    /// column gets the table's type, whatever file comes first. The session is in UTC, so that no time is moved by it.
    /// </summary>
    private static string Any(LakeDatabaseOptions options)
    {
        (string Name, string Type)[] columns = [.. FlowColumns.All.Select(c => (c.Name, SqlType(c.Type))), .. AdditionalColumns.OfDuckDb(options)];
        var none = string.Join(", ", columns.Select(c => $"null::{c.Type} as {SqlText.Identifier(c.Name)}"));
        var typed = string.Join(", ", columns.Select(c => $"{SqlText.Identifier(c.Name)}::{c.Type} as {SqlText.Identifier(c.Name)}"));
        var rows = string.Join(" union all by name ", Sources(options).Prepend($"select {none} where false"));
        return $"create view lake_tuples as select {typed} from ({rows}) where {Window(options)}";
    }

    /// <summary>Files whose path says the partition together, the others by the partition that the log says.</summary>
    private static IEnumerable<string> Sources(LakeDatabaseOptions options)
    {
        const string ByName = ", union_by_name = true";
        var files = options.Files.ToLookup(f => options.FileDates.TryGetValue(f, out var date) ? date : (DateOnly?)null);
        foreach (var group in files)
        {
            if (group.Key is { } date)
                yield return $"select *, date '{date:yyyy-MM-dd}' as {FlowColumns.Partition} from {Read([.. group], isPartitioned: false, ByName)}";
            else
                yield return $"select * from {Read([.. group], group.All(f => f.Contains($"{FlowColumns.Partition}=", StringComparison.Ordinal)), ByName)}";
        }
    }

    private static string Read(IReadOnlyList<string> files, bool isPartitioned, string others) => isPartitioned
        ? $"read_parquet({SqlText.List(files)}, hive_partitioning = true, hive_types = {{'{FlowColumns.Partition}': date}}{others})"
        : $"read_parquet({SqlText.List(files)}, hive_partitioning = false{others})";

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

    [GeneratedRegex(@"[/\\]part-[0-9a-f]{32}\.parquet$", RegexOptions.None, 1000)]
    private static partial Regex OwnFile();
}
