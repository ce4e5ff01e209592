using DuckDB.NET.Data;

namespace FlowLogAnalyzer.Tests.Cli;

[Collection(nameof(LabLake))]
public class LakeSqlTests(LabLake lab)
{
    [Fact]
    public async Task The_printed_script_opens_the_lake_without_this_tool()
    {
        var script = await CliRun.Of("lake", "sql", "--lake", lab.Lake);
        Assert.Equal(0, script.ExitCode);

        using var duck = new DuckDBConnection("Data Source=:memory:");
        duck.Open();
        Run(duck, script.Out);

        Assert.Equal(lab.Ingest.Json.GetProperty("rows").GetInt64(), Run(duck, "select count(*) from named_tuples"));
        Assert.True((long)Run(duck, "select count(*) from named_tuples where src_kind = 'node'")! > 0);
        Assert.Contains($"DuckDB {((string)Run(duck, "select version()")!)[1..]}", string.Join('\n', script.Out.Split('\n').Take(3)), StringComparison.Ordinal);
    }

    private static object? Run(DuckDBConnection duck, string sql)
    {
        using var command = duck.CreateCommand();
#pragma warning disable CA2100 // the SQL is what is tested
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
