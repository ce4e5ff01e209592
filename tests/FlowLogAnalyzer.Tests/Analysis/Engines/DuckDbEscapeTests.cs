using DuckDB.NET.Data;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Analysis.Engines;

/// <summary>Ways out of the lake that somebody may try on DuckDB: each is refused, by the look at the statement or by the engine.</summary>
public sealed class DuckDbEscapeTests(DuckDbEscapeTests.Lake lake) : IClassFixture<DuckDbEscapeTests.Lake>
{
    public static TheoryData<string> Escapes =>
    [
        // Files, by functions and by their other names
        "select * from read_text('{0}')",
        "select * from read_blob('{0}')",
        "select * from read_csv('{0}')",
        "select * from read_csv_auto('{0}')",
        "select * from sniff_csv('{0}')",
        "select * from read_json('{0}')",
        "select * from read_ndjson_objects('{0}')",
        "select * from read_parquet('{0}')",
        "select * from parquet_scan('{0}')",
        "select * from parquet_metadata('{0}')",
        "select * from parquet_schema('{0}')",
        "select * from parquet_kv_metadata('{0}')",
        "select * from glob('{1}/*')",
        "select * from '{0}'",
        "select * from \"{0}\"",
        "from '{0}'",
        "from \"READ_TEXT\"('{0}')",
        "select * from system.main.read_text('{0}')",
        "select * from main.\"read_text\"('{0}')",
        "select * from /* a */ read_text -- b\n ('{0}')",
        "select * from read_text(chr(47) || '{0}')",
        "select * from read_text(getvariable('path'))",
        "select * from read_text(['{0}'])",
        "with tuples as (select * from read_text('{0}')) select * from tuples",
        "with recursive t as (select 1 as a union all select length(content)::int from t, read_text('{0}')) select * from t",
        "select (select content from read_text('{0}'))",
        "select 1 where exists (from read_text('{0}'))",
        "select * from nodes order by (select content from read_text('{0}'))",
        "select * from nodes join lateral (select * from read_text('{0}')) t on true",
        "select unnest(list(content)) from read_text('{0}')",
        "values ((select content from read_text('{0}')))",
        "explain select * from read_text('{0}')",
        "explain analyze select * from read_text('{0}')",
        "describe select * from read_text('{0}')",
        "describe '{0}'",
        "summarize '{0}'",
        "show '{0}'",
        "from (describe select * from read_csv('{0}'))",
        // Everything that is no question
        "copy (select 1) to '{0}.out'",
        "copy nodes from '{0}'",
        "copy nodes to '{0}.out' (format parquet)",
        "copy from database memory to other",
        "attach '{0}.db'",
        "attach ':memory:' as other",
        "detach memory",
        "use system",
        "export database '{1}'",
        "import database '{1}'",
        "install httpfs",
        "load '{0}'",
        "force install spatial",
        "update extensions",
        "pragma database_list",
        "pragma enable_profiling",
        "set memory_limit = '100GB'",
        "set variable path = '{0}'",
        "reset memory_limit",
        "call enable_logging()",
        "create secret (type s3)",
        "create macro f() as 1",
        "create temp table t as select 1",
        "prepare p as select 1",
        "execute p",
        "deallocate p",
        "begin",
        "checkpoint",
        "vacuum",
        "analyze",
        "kill 1",
        "select 1; select 2",
        "select 1;; drop view tuples",
        "; drop view tuples",
        "explain explain analyze create table t (a int)",
        "insert into nodes (node) values ('x') returning *",
        "with x as (insert into nodes (node) values ('x') returning *) select * from x",
        "delete from nodes",
        "update nodes set node = 'x'",
        "merge into nodes using (select 1) on true when matched then delete",
        "alter table nodes add column x int",
        "comment on table nodes is 'x'",
        // Functions that run other text, change the engine, or hold it
        "select * from query('select * from read_text(''{0}'')')",
        "select * from query_table('{0}')",
        "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))",
        "select * from sql_auto_complete('select')",
        "select * from enable_logging(storage = 'file', storage_path = '{1}')",
        "select * from duckdb_logs()",
        "select * from duckdb_secrets()",
        "select * from which_secret('{0}', 's3')",
        "select * from duckdb_settings()",
        "select * from duckdb_variables()",
        "select * from duckdb_temporary_files()",
        "select * from duckdb_extensions()",
        "select * from pragma_storage_info('nodes')",
        "select * from force_checkpoint()",
        "select * from checkpoint()",
        "select * from arrow_scan(0, 0, 0)",
        "select * from seq_scan('nodes')",
        "select * from read_duckdb('{0}')",
        "select * from test_all_types()",
        "select write_log('x')",
        "select \"WRITE_LOG\"('x')",
        "select sleep_ms(100000)",
        "select setseed(0.5)",
        "select nextval('s')",
        "select current_query()",
        "select getenv('HOME')",
        "select * from no_such_function('{0}')",
        // No SQL
        "selec 1",
        "select '",
        "select \0",
        "",
        "--",
    ];

    /// <summary>What people do ask, beside the catalogue.</summary>
    public static TheoryData<string> Questions =>
    [
        "select 1 as \"read_text\", 'read_text(''/etc/passwd'')' as text -- read_text('x')",
        "with read_text as (select 1 as a) select a from read_text",
        "select upper('a').lower()",
        "from range(3)",
        "select * from unnest([1, 2])",
        "select * from generate_series(1, 3) t(i)",
        "select list_transform([1, 2], lambda x: x + 1)",
        "select table_name from information_schema.tables",
        "select * from duckdb_columns()",
        "describe tuples",
        "summarize nodes",
        "show tables",
        "explain select count(*) from tuples",
        "explain analyze select count(*) from tuples",
        "select coalesce(getvariable('rows'), 20)",
        "select * from nodes pivot (count(*) for node in ('a', 'b'))",
        "select count(*) filter (where decision = 'Deny') over () from tuples",
        "/* why */ select 'ü', $$text$$",
    ];

    [Theory, MemberData(nameof(Escapes))]
    public void A_way_out_is_closed(string sql)
    {
        var folder = Path.GetDirectoryName(lake.Secret);

        var error = Record.Exception(() =>
        {
            using var rows = lake.Database.Query(sql.Replace("{0}", lake.Secret, StringComparison.Ordinal).Replace("{1}", folder, StringComparison.Ordinal));
            _ = rows.Read().Count();
        });

        Assert.True(error is QueryRefusedException or DuckDBException, $"{error}");
        Assert.DoesNotContain("only-i-may-read-this", error.Message, StringComparison.Ordinal);
        Assert.Equal([lake.Secret], Directory.GetFiles(folder!, "*secret*"));
    }

    [Theory, MemberData(nameof(Questions))]
    public void A_question_is_answered(string sql)
    {
        using var rows = lake.Database.Query(sql);

        Assert.NotNull(rows.Read().ToList());
    }

    [Fact]
    public void Every_query_of_the_catalogue_passes()
    {
        foreach (var query in QueryLibrary.BuiltIn.Queries)
            using (var rows = lake.Database.Query(query.Sql))
                Assert.NotEmpty(rows.Columns);
    }

    public sealed class Lake : IDisposable
    {
        private readonly LakeBuilder _lake = new();

        public Lake()
        {
            _lake.Add(0, "000D3A000003", "10.0.0.1:1 -> 10.0.0.2:80");
            Database = _lake.Open();
            Secret = Path.Combine(Path.GetDirectoryName(_lake.ParquetPath)!, "secret.csv");
            File.WriteAllText(Secret, "a\nonly-i-may-read-this\n");
        }

        public LakeDatabase Database { get; }

        public string Secret { get; }

        public void Dispose()
        {
            Database.Dispose();
            _lake.Dispose();
        }
    }
}
