using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Query;

/// <summary>
/// A lake as an SQL script for the plain duckdb CLI: the same tables and views under the same names, nothing of this tool
/// needed. The script names the files that are active now; the inventory is inside it.
/// </summary>
public static class LakeScript
{
    private const int RowsPerInsert = 500;

    /// <summary>The versions of DuckDB that answered all queries over such a script; the tests hold the engine of this tool against it.</summary>
    internal static readonly IReadOnlyList<string> RunWith = ["1.5.6"];

    /// <param name="script">Written to, one statement after the other.</param>
    /// <param name="database">The lake, opened: its inventory tables are written as it holds them.</param>
    public static void Write(TextWriter script, LakeDatabase database)
    {
        script.WriteLine("-- Opens a FlowLogAnalyzer lake: duckdb -init THIS-FILE");
        script.WriteLine($"-- It was run with DuckDB {string.Join(" and ", RunWith)}; it needs 1.3 or newer.");
        script.WriteLine("-- It names the files that are active now. Print it again after `flowlog ingest` or `flowlog lake compact`.");
        script.WriteLine("set TimeZone = 'UTC';");
        script.WriteLine($"{DuckDbSource.CreateView(database.Options)};");
        foreach (var shape in AnalysisTables.All)
            WriteTable(script, shape, database);

        foreach (var file in database.Library.Definitions(DuckDbEngine.EngineName))
        {
            script.WriteLine($"\n-- queries/{file.Folder}/{file.Name}.sql");
            script.WriteLine(file.Sql.Trim());
        }
    }

    private static void WriteTable(TextWriter script, TableShape shape, LakeDatabase database)
    {
        script.WriteLine($"{DuckDbTables.Create(shape)};");
        using var rows = database.Read($"select * from {shape.Name} order by all", null);
        foreach (var chunk in rows.Read().Chunk(RowsPerInsert))
        {
            script.WriteLine($"insert into {shape.Name} values");
            script.WriteLine($"{string.Join(",\n", chunk.Select(row => $"({string.Join(", ", row.Select(SqlText.Value))})"))};");
        }
    }
}
