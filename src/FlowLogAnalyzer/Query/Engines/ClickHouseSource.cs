using System.Globalization;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// The view <c>lake_tuples</c> on a server: the lake's table as it lies, cut to the window. The table function stands in a
/// table of its own, so that what is asked later, which may call none, can read it.
/// </summary>
internal static class ClickHouseSource
{
    private const string Table = "lake_files";

    /// <summary>Statements that make it.</summary>
    public static IEnumerable<string> Create(LakeDatabaseOptions options)
    {
        yield return Files(options);
        var columns = FlowColumns.All.Select(c => $"cast({Table}.{c.Name} as {ClickHouseTables.SqlType(c.Type)}) as {c.Name}");
        var additional = options.Files.Count == 0 ? [] : AdditionalColumns.OfClickHouse(options)
            .Select(c => $"cast({Table}.{SqlText.Identifier(c.Name)} as {c.Type}) as {SqlText.Identifier(c.Name)}");
        yield return $"create view lake_tuples as select {string.Join(", ", columns.Concat(additional))} from {Table} where {Window(options)}";
    }

    /// <summary>The table function or the table that the server reads; empty when the lake has no files.</summary>
    public static string Of(LakeDatabaseOptions options) =>
        options.ClickHouse!.Source ?? (options.Files.Count == 0
            ? ""
            : Default(options.Location ?? throw new ArgumentException("Where the lake is has to be said, or how the server reads it.", nameof(options))));

    private static string Files(LakeDatabaseOptions options)
    {
        if (options.Files.Count == 0)
            return $"create table {Table} ({string.Join(", ", FlowColumns.All.Select(c => $"{c.Name} {ClickHouseTables.SqlType(c.Type)}"))}) engine = MergeTree order by tuple()";

        var source = Of(options);
        return source.EndsWith(')') ? $"create table {Table} as {source}" : $"create view {Table} as select * from {source}";
    }

    /// <summary>With the server's own rights: the disk it shares with this machine, or its identity in Azure.</summary>
    private static string Default(string location)
    {
        if (!StorageLocation.IsAddress(location))
            return $"deltaLakeLocal({Literal($"{location}/{TupleTable.Folder.TrimEnd('/')}")})";

        var storage = StorageLocation.Parse(location);
        return $"deltaLakeAzure({Literal(storage.Account.ToString().TrimEnd('/'))}, {Literal(storage.Container)}, {Literal($"{storage.Prefix}/{TupleTable.Folder}".Trim('/'))})";
    }

    /// <summary>On the stored columns, so that the server leaves out partitions and, by their statistics, files and row groups.</summary>
    private static string Window(LakeDatabaseOptions options)
    {
        var conditions = new List<string> { "true" };
        if (options.Dates is { } dates)
            conditions.Add($"{Table}.{FlowColumns.Partition} in ({string.Join(", ", dates.Select(d => $"toDate32('{d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}')"))})");
        if (options.Since is { } since)
            conditions.Add($"{Table}.time >= {ClickHouseSql.Time(since)}");
        if (options.Until is { } until)
            conditions.Add($"{Table}.time < {ClickHouseSql.Time(until)}");
        return string.Join(" and ", conditions);
    }

    private static string Literal(string text) => ClickHouseSql.Of(SqlTokens.Of(SqlText.Literal(text)), ClickHouseSql.NoVariables);
}
