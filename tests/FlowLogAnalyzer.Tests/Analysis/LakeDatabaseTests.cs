using DuckDB.NET.Data;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Analysis;

public class LakeDatabaseTests
{
    private const string Mac = "000D3A000003";

    [Fact]
    public void An_empty_lake_has_every_column_and_no_row()
    {
        using var lake = new LakeBuilder();
        using var database = lake.Open();

        using var rows = database.Query("select * from lake_tuples");

        Assert.Equal(FlowColumns.All.Select(c => c.Name), rows.Columns.Select(c => c.Name));
        Assert.Empty(rows.Read());
        Assert.Empty(FindingRunner.Run(database, null, TestContext.Current.CancellationToken).Findings);
    }

    [Fact]
    public void Times_come_back_in_UTC_and_the_partition_comes_from_the_path()
    {
        using var lake = new LakeBuilder();
        lake.Add(0.25, Mac, "10.0.0.1:1 -> 10.0.0.2:80");
        using var database = lake.Open();

        using var rows = database.Query("select time, event_date, hour, minute from tuples");
        var row = rows.Read().Single();

        Assert.Equal(LakeBuilder.Start.AddMilliseconds(250), row[0]);
        Assert.Equal(DateTimeKind.Utc, ((DateTime)row[0]!).Kind);
        Assert.Equal(new DateOnly(2026, 11, 20), row[1]);
        Assert.Equal(LakeBuilder.Start, row[2]);
        Assert.Equal(LakeBuilder.Start, row[3]);
    }

    [Fact]
    public void The_window_is_half_open()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, "10.0.0.1:1 -> 10.0.0.2:80").Add(60, Mac, "10.0.0.1:2 -> 10.0.0.2:80").Add(120, Mac, "10.0.0.1:3 -> 10.0.0.2:80");
        using var database = lake.Open(o => o with { Since = LakeBuilder.Start.AddSeconds(60), Until = LakeBuilder.Start.AddSeconds(120) });

        Assert.Equal([2L], Column(database, "select src_port from tuples"));
    }

    [Fact]
    public void Each_distinct_address_is_resolved_once()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, "10.0.0.1:1 -> 10.0.0.2:80").Add(1, Mac, "10.0.0.2:2 -> 10.0.0.1:80").Add(2, Mac, "fe80::1:1 -> 10.0.0.1:80");
        var asked = new List<string>();
        using var database = lake.Open(o => o with { Resolve = key => { asked.Add(key.ToString()); return []; } });

        Assert.Equal(["10.0.0.1", "10.0.0.2", "fe80::1"], asked);
    }

    [Theory]
    [InlineData("select count(*) from tuples", 1)]
    [InlineData("with t as (select 1 as a) select a from t", 1)]
    [InlineData("from tuples select count(*)", 1)]
    [InlineData("values (1), (2)", 2)]
    [InlineData("explain select count(*) from tuples", 1)]
    [InlineData("-- a question\nselect 1;", 1)]
    public void Runs_a_statement_that_reads(string sql, int rows)
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, "10.0.0.1:1 -> 10.0.0.2:80");
        using var database = lake.Open();

        using var result = database.Query(sql);

        Assert.Equal(rows, result.Read().Count());
    }

    [Theory]
    [InlineData("describe tuples")]
    [InlineData("show tables")]
    [InlineData("summarize select src_port from tuples")]
    public void Runs_a_statement_that_describes(string sql)
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, "10.0.0.1:1 -> 10.0.0.2:80");
        using var database = lake.Open();

        using var result = database.Query(sql);

        Assert.NotEmpty(result.Read());
    }

    [Theory]
    [InlineData("create table t (a int)")]
    [InlineData("drop view tuples")]
    [InlineData("insert into nodes (node) values ('x')")]
    [InlineData("copy (select 1) to '/tmp/x.csv'")]
    [InlineData("attach '/tmp/x.db'")]
    [InlineData("set memory_limit = '1GB'")]
    [InlineData("pragma database_list")]
    [InlineData("install httpfs")]
    [InlineData("select 1; select 2")]
    [InlineData("explain analyze create table t (a int)")]
    [InlineData("explain explain analyze create table t (a int)")]
    [InlineData("select * from enable_logging(storage = 'file', storage_path = '/tmp/x')")]
    [InlineData("select * from query('select 1')")]
    [InlineData("selec 1")]
    [InlineData("")]
    public void Refuses_anything_else_with_a_sentence(string sql)
    {
        using var lake = new LakeBuilder();
        using var database = lake.Open();

        var refusal = Assert.Throws<QueryRefusedException>(() => database.Query(sql));

        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select * from read_text('{0}')")]
    [InlineData("select * from read_csv('{0}')")]
    [InlineData("select * from '{0}'")]
    [InlineData("select * from glob('{1}/*')")]
    public void No_other_file_can_be_read(string sql)
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, "10.0.0.1:1 -> 10.0.0.2:80");
        using var database = lake.Open();
        var secret = Path.Combine(Path.GetDirectoryName(lake.ParquetPath)!, "secret.csv");
        File.WriteAllText(secret, "a\n1\n");

        // Without a look at the statement, which refuses most of them before: the engine is confined by itself.
        Assert.Throws<DuckDBException>(() => database.Scalar(sql.Replace("{0}", secret, StringComparison.Ordinal).Replace("{1}", Path.GetDirectoryName(secret), StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("copy (select 1 as a) to '{0}'")]
    [InlineData("attach '{0}' as other")]
    [InlineData("export database '{0}'")]
    [InlineData("set enable_external_access = true")]
    [InlineData("set lock_configuration = false")]
    [InlineData("set allowed_directories = ['/']")]
    [InlineData("set temp_directory = '{0}'")]
    public void Even_without_the_statement_check_the_engine_writes_nowhere_and_stays_locked(string sql)
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, "10.0.0.1:1 -> 10.0.0.2:80");
        using var database = lake.Open();
        var target = Path.Combine(Path.GetDirectoryName(lake.ParquetPath)!, "written");

        Assert.Throws<DuckDBException>(() => database.Scalar(sql.Replace("{0}", target, StringComparison.Ordinal)));

        Assert.False(Path.Exists(target));
    }

    [Fact]
    public void A_query_larger_than_its_memory_spills_and_the_folder_is_removed()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, "10.0.0.1:1 -> 10.0.0.2:80");
        var temp = Directory.CreateTempSubdirectory("flowlog-test-").FullName;
        var other = Path.Combine(temp, "of-somebody-else.txt");
        File.WriteAllText(other, "theirs");
        using (var database = lake.Open(o => o with { MemoryLimitMegabytes = 64, TempDirectory = temp }))
            Assert.Equal([2_000_000L], Column(database, "select count(*) from (select distinct i, 'some text that takes room ' || i from range(2000000) t(i))"));

        Assert.Equal([other], Directory.GetFileSystemEntries(temp));
        Directory.Delete(temp, recursive: true);
    }

    [Fact]
    public void What_lies_in_the_folder_for_spilling_cannot_be_read_and_nobody_else_may_enter_it()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, "10.0.0.1:1 -> 10.0.0.2:80");
        var temp = Directory.CreateTempSubdirectory("flowlog-test-").FullName;
        var secret = Path.Combine(temp, "secret.csv");
        File.WriteAllText(secret, "a\n1\n");
        using (var database = lake.Open(o => o with { TempDirectory = temp }))
        {
            Assert.Throws<DuckDBException>(() => database.Scalar($"select * from read_text('{secret}')"));
            Assert.Throws<DuckDBException>(() => database.Scalar($"select * from '{secret}'"));
            var own = Assert.Single(Directory.GetDirectories(temp));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(own));
        }

        Assert.Equal([secret], Directory.GetFileSystemEntries(temp));
        Directory.Delete(temp, recursive: true);
    }

    [Fact]
    public void A_variable_that_the_query_does_not_know_is_refused()
    {
        using var lake = new LakeBuilder();
        using var database = lake.Open();
        var query = database.Library.Find("LBP-001")!;

        var refusal = Assert.Throws<QueryRefusedException>(() => database.Run(query, new Dictionary<string, string> { ["min_denide"] = "1" }));

        Assert.Contains("min_denied", refusal.Message, StringComparison.Ordinal);
    }

    internal static IEnumerable<object?> Column(LakeDatabase database, string sql)
    {
        using var rows = database.Query(sql);
        return [.. rows.Read().Select(row => row[0])];
    }
}
