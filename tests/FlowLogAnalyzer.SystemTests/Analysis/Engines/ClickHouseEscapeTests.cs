using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Engines;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Analysis.Engines;

/// <summary>
/// Ways out of the lake that somebody may try on a ClickHouse server, as a user who may do everything there: each is refused
/// before it is run, whatever the server would say to it.
/// </summary>
public sealed class ClickHouseEscapeTests(ClickHouseEscapeTests.Lake lake) : IClassFixture<ClickHouseEscapeTests.Lake>
{
    public static TheoryData<string> Escapes =>
    [
        // Table functions
        "select * from file('{0}', LineAsString)",
        "select * from FILE('{0}', LineAsString)",
        "select * from \"file\"('{0}', LineAsString)",
        "select * from `file`('{0}', LineAsString)",
        "select * from /* a */ file -- b\n ('{0}', LineAsString)",
        "from file('{0}', LineAsString) select *",
        "select * from fileCluster('default', '{0}')",
        "select * from url('http://127.0.0.1:1/', LineAsString)",
        "select * from urlCluster('default', 'http://127.0.0.1:1/', LineAsString)",
        "select * from s3('http://127.0.0.1:1/b/k')",
        "select * from gcs('http://127.0.0.1:1/b/k')",
        "select * from azureBlobStorage('x', 'y', 'z')",
        "select * from deltaLakeLocal('{0}')",
        "select * from icebergLocal('{0}')",
        "select * from hdfs('hdfs://127.0.0.1:1/x', 'CSV')",
        "select * from remote('127.0.0.1:1', system.one)",
        "select * from remoteSecure('127.0.0.1:1', system.one)",
        "select * from cluster('default', system.one)",
        "select * from clusterAllReplicas('default', system.one)",
        "select * from mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
        "select * from postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')",
        "select * from mongodb('127.0.0.1:1', 'd', 't', 'u', 'p', 'a Int8')",
        "select * from redis('127.0.0.1:1', 'k', 'k String')",
        "select * from sqlite('{0}', 't')",
        "select * from odbc('DSN=x', 't')",
        "select * from jdbc('x', 't')",
        "select * from executable('id', 'TSV', 'a String')",
        "select * from input('a String')",
        "select * from dictionary('d')",
        "select * from merge('system', '.*')",
        "select * from loop(system.one)",
        "select * from view(select * from system.one)",
        "select * from viewIfPermitted(select 1 else null('a Int8'))",
        "select * from viewExplain('', '', (select 1))",
        "select * from mergeTreeIndex(currentDatabase(), 'nodes')",
        "select * from filesystem('/')",
        "select * from fuzzQuery('select 1')",
        "select * from eval('select 1')",
        "select 1 in file('{0}', LineAsString, 'a String')",
        "select * from nodes where node not in (select line from file('{0}', LineAsString))",
        "with x as (select * from file('{0}', LineAsString)) select * from x",
        "with nodes as (select * from url('http://127.0.0.1:1/', LineAsString)) select * from nodes",
        "select (select any(line) from file('{0}', LineAsString))",
        "select 1 union all select * from file('{0}', LineAsString)",
        "select 1 except select * from file('{0}', LineAsString)",
        "select * from nodes join file('{0}', LineAsString) as f on f.line = nodes.node",
        "select * from nodes, file('{0}', LineAsString)",
        "describe file('{0}', LineAsString)",
        "desc table file('{0}', CSV)",
        "describe (select * from url('http://127.0.0.1:1/', LineAsString))",
        "describe s3('http://127.0.0.1:1/b/k')",
        "explain select * from file('{0}', LineAsString)",
        "explain ast select * from file('{0}', LineAsString)",
        "explain syntax describe file('{0}', LineAsString)",
        "explain table override mysql('127.0.0.1:1', 'd', 't', 'u', 'p') partition by id",
        // Functions
        "select file('{0}')",
        "select FILE('{0}')",
        "select \"file\"('{0}')",
        "select 'x' as a, file(a)",
        "select * apply(file) from nodes",
        "select * apply file from nodes",
        "select columns('node') apply(toString) from nodes",
        "select arrayMap(p -> file(p), ['{0}'])",
        "select dictGet('d', 'a', 1)",
        "select dictGetOrDefault('d', 'a', 1, 'x')",
        "select dictHas('d', 1)",
        "select joinGet('system.one', 'dummy', 1)",
        "select hasColumnInTable('127.0.0.1', 'system', 'one', 'dummy')",
        "select catboostEvaluate('{0}', 1)",
        "select getServerSetting('max_connections')",
        "select getMacro('shard')",
        "select @@version",
        "select getClientHTTPHeader('Authorization')",
        "select showCertificate()",
        "select hostName()",
        "select FQDN()",
        "select filesystemAvailable()",
        "select sleep(3)",
        "select sleepEachRow(3) from numbers(100)",
        "select addressToLine(1)",
        "select AIGenerate('x')",
        "select logTrace('x')",
        "select {1}(1)",
        // Other tables
        "select * from system.tables",
        "select * from SYSTEM.users",
        "select * from \"system\".\"query_log\"",
        "select * from system . processes",
        "select * from information_schema.tables",
        "select * from INFORMATION_SCHEMA.columns",
        "select * from {2}.secrets",
        "select * from nodes, {2}.secrets",
        "select * from nodes as system join system.one as o on 1 = 1",
        "select 1 from nodes where node in system.one",
        "select 1 from nodes where node global not in {2}.secrets",
        "select 1 from nodes where (node) in ({2}.secrets)",
        "select exists(select 1 from {2}.secrets)",
        "describe system.users",
        "describe {2}.secrets",
        "show tables from system",
        "show databases",
        "show users",
        "show grants",
        "show processlist",
        "show create table nodes",
        "show settings like '%'",
        "show named collections",
        // Settings, formats and more than one statement
        "select 1 settings readonly = 0",
        "select 1 settings max_execution_time = 0",
        "select * from (select 1 settings max_threads = 64)",
        "explain settings = 1 select 1",
        "select 1 into outfile '{0}.out'",
        "select 1; select 2",
        "select 1;; drop table nodes",
        "set max_threads = 1",
        "use system",
        "exists table system.one",
        "check table nodes",
        "system shutdown",
        "kill query where true",
        "attach table t (a Int8) engine = Memory",
        "create temporary table t (a Int8)",
        "create function f as x -> x",
        "backup database default to Disk('d', 'x')",
        "insert into function file('{0}.out') select 1",
        "with x as (select 1) insert into nodes (node) select '1' from x",
        "optimize table nodes",
        "grant all on *.* to flowlog",
        "execute as default select 1",
        "parallel with select 1",
        // What one reader takes for text and the other for SQL
        "select \"a\\\" , file('{0}') , \"b\"",
        "select `a'` , file('{0}') , `'b`",
        "select $$'$$ , file('{0}') , $$'$$",
        "select 1 # ' \n , file('{0}') # '",
        "select \u2018a' , file('{0}') , 'b\u2019",
        "select \u201ca\u201d",
        "select 'a\\' , file('{0}') , ' --'",
        "select /* /* */ file('{0}') /* */ */",
        "select\u00a0file('{0}')",
        "select ﬁle('{0}')",
        "select '",
        "select \"a",
        "",
        "--",
    ];

    /// <summary>What people do ask, beside the catalogue.</summary>
    public static TheoryData<string> Questions =>
    [
        "select 1 as \"file\", 'file(''/etc/passwd'')' as text -- file('x')",
        "with system as (select 1 as a) select system.a from system",
        "select count(*) from numbers(3)",
        "select * from values('a Int8', 1, 2)",
        "select n.node from nodes as n where n.node in (select node from nodes)",
        "select 'a' in ('a', 'b'), 1 not in (1, 2)",
        "select count(distinct node), countIf(node = 'a') from nodes",
        "select len(list_filter(['a', 'b'], (x -> x <> 'a')))",
        "select coalesce(getvariable('rows'), 20)",
        "select sum(1) over (partition by node order by node) from nodes",
        "select * except (node) from nodes",
        "explain select count(*) from nodes",
        "describe nodes",
        "describe table nodes",
        "show tables",
        "select arrayJoin([1, 2]) as a union all select 3",
        "select 'ü', 'a\\b'",
    ];

    [Theory, MemberData(nameof(Escapes))]
    public void A_way_out_is_closed(string sql)
    {
        var text = sql.Replace("{0}", Lake.Secret, StringComparison.Ordinal).Replace("{1}", Lake.Function, StringComparison.Ordinal).Replace("{2}", Lake.Foreign, StringComparison.Ordinal);

        var error = Record.Exception(() =>
        {
            using var rows = lake.Database.Query(text);
            Assert.Fail($"It was run: {string.Join(" | ", rows.Read().Take(3).Select(row => string.Join(", ", row)))}");
        });

        // Or the server could not make a tree of it, which is before it would have run it.
        Assert.True(error is QueryRefusedException or ClickHouseException { Code: 62 or 46 or 115 or 164 or 456 }, $"{error}");
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Questions))]
    public void A_question_is_answered(string sql)
    {
        using var rows = lake.Database.Query(sql);

        Assert.NotNull(rows.Read().ToList());
    }

    /// <summary>The trees of all queries, without their views, which a server takes long to make.</summary>
    [Fact]
    public async Task Every_query_of_the_catalogue_passes()
    {
        var server = await ClickHouseServer.OptionsAsync();
        using var connection = new ClickHouseConnection(server) { Database = "default", Settings = { ["union_default_mode"] = "DISTINCT" } };
        List<string> Lines(string sql)
        {
            using var rows = ClickHouseRows.Ask(connection, "a test", sql);
            return [.. rows.Read().Select(row => (string)row[0]!)];
        }

        var confinement = new ClickHouseConfinement("default", Lines(ClickHouseConfinement.RefusedFunctions).ToHashSet(StringComparer.Ordinal));
        foreach (var query in QueryLibrary.BuiltIn.Queries)
        {
            ClickHouseReadOnly.Check(query.Sql);
            ClickHouseReadOnly.CheckSpelling(query.Sql);
            var statement = ClickHouseSql.Of(SqlTokens.Statements(query.Sql).Single(), ClickHouseSql.NoVariables);
            confinement.Check(ClickHouseSyntaxTree.Parse(Lines("explain ast " + statement)), new HashSet<string>());
        }
    }

    public sealed class Lake : IAsyncLifetime
    {
        /// <summary>Of somebody else on the same server.</summary>
        public const string Foreign = "of_somebody_else";
        public const string Function = "read_secrets_of_somebody";

        private readonly LakeBuilder _lake = new();
        private readonly TemporaryFolder _folder = new();

        public static string Secret { get; } = Path.Combine(Path.GetTempPath(), "flowlog-test-secret.txt");

        public LakeDatabase Database { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await File.WriteAllTextAsync(Secret, "only-i-may-read-this\n");
            var server = await ClickHouseServer.OptionsAsync();
            await ClickHouseServer.AskAsync(server.Url, $"create database if not exists {Foreign}");
            await ClickHouseServer.AskAsync(server.Url, $"create table if not exists {Foreign}.secrets (node String) engine = Memory");
            await ClickHouseServer.AskAsync(server.Url, $"create function if not exists {Function} as (x) -> (select count() from {Foreign}.secrets)");
            Directory.CreateDirectory(_folder["engines"]);
            File.Copy(Path.Combine(RepositoryPaths.Root, "queries", "engines", "clickhouse.sql"), Path.Combine(_folder["engines"], "clickhouse.sql"));
            Database = _lake.Open(o => o with { Library = QueryLibrary.FromDirectory(_folder.Path), ClickHouse = server });
        }

        public ValueTask DisposeAsync()
        {
            Database?.Dispose();
            _lake.Dispose();
            _folder.Dispose();
            File.Delete(Secret);
            return ValueTask.CompletedTask;
        }
    }
}
