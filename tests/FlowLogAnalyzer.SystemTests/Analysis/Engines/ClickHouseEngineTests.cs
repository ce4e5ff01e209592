using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Engines;
using FlowLogAnalyzer.Tests.Support;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;

namespace FlowLogAnalyzer.Tests.Analysis.Engines;

/// <summary>The client against the embedded ClickHouse behind its HTTP interface, with views of its own where it needs some.</summary>
public sealed class ClickHouseEngineTests : IDisposable
{
    private const string Mac = "000D3AF87856";
    private const string OwnDatabases = "select count() from system.databases where startsWith(name, 'flowlog_')";

    private readonly TemporaryFolder _folder = new();
    private readonly LakeBuilder _lake = new();

    public void Dispose()
    {
        _lake.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("1::bigint")]
    [InlineData("count(*)")]
    [InlineData("-9223372036854775807::bigint")]
    [InlineData("1.5::double / 3")]
    [InlineData("1e300::double")]
    [InlineData("'it''s a \\ and \"ü\"'")]
    [InlineData("null::varchar")]
    [InlineData("(1 = 1)::boolean")]
    [InlineData("max(time)")]
    [InlineData("max(event_date)")]
    [InlineData("timestamptz '2026-11-20 10:00:00.123456+00'")]
    [InlineData("['b', 'a', null]")]
    [InlineData("[[1, 2], [3]]")]
    [InlineData("case when count(*) = 1 then ['a'] end")]
    [InlineData("case when count(*) = 0 then ['a'] end")]
    [InlineData("[timestamptz '2026-11-20 10:00:00+00']")]
    [InlineData("sum(bytes_sent)")]
    [InlineData("max(packets_sent) + 9007199254740993::bigint")]
    public async Task A_value_is_of_the_type_and_value_that_DuckDB_gives(string expression)
    {
        _lake.Add(0.25, Mac, "10.0.0.1:1 -> 10.0.0.2:80");
        var sql = $"select {expression} as x from lake_tuples";

        var (expected, actual) = (Ask(null, sql), Ask(await ClickHouseServer.OptionsAsync(), sql));

        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(expected.Cell, actual.Cell);
        Assert.Equal((expected.Cell as DateTime?)?.Kind, (actual.Cell as DateTime?)?.Kind);
    }

    [Fact]
    public async Task Rows_of_the_lake_and_of_the_inventory_are_those_that_DuckDB_reads()
    {
        _lake.Add(0, Mac, "10.0.0.1:1 -> 10.0.0.2:80", new Tuple { State = "none" })
            .With(InventorySchema.Nodes, Row(("node", "a\tb\\'\n"), ("excluded_from_lb", true), ("created", Start)), Row(("node", "β")))
            .With(InventorySchema.Nics, Row(("mac", Mac), ("valid_to", Start)), Row(("mac", Mac), ("valid_from", Start)));

        foreach (var table in new[] { "lake_tuples", "nodes", "nics", "services" })
            Assert.Equal(All(null, table), All(await ClickHouseServer.OptionsAsync(), table));
    }

    [Fact]
    public async Task A_view_that_is_kept_answers_for_its_name_and_for_the_views_on_top()
    {
        Views("create or replace view a as select count(*) as n from nodes; create or replace view b as select n + 1 as n from a");
        using var database = Open(await ClickHouseServer.OptionsAsync());

        database.Materialise("a");

        Assert.Equal(1L, database.Scalar("select n from b"));
        Assert.Equal("MergeTree", database.Scalar("select engine from system.tables where database = currentDatabase() and name = 'a'"));
        Assert.Equal("View", database.Scalar("select engine from system.tables where database = currentDatabase() and name = 'a_definition'"));
    }

    [Fact]
    public async Task A_view_sees_the_variables_of_the_query_and_forgets_them()
    {
        Views("create or replace macro twice(x) as x * 2; create or replace view a as select twice(coalesce(getvariable('n'), 1)) as n; comment on view a is 'no;thing'");
        using var database = Open(await ClickHouseServer.OptionsAsync());

        object? Read(params (string Name, string Value)[] variables)
        {
            using var rows = database.Query("select n + coalesce(getvariable('more'), 0) from a", variables.ToDictionary(v => v.Name, v => v.Value));
            return rows.Read().Single()[0];
        }

        Assert.Equal([2L, 14L, 118L, 2L], [Read(), Read(("n", "7")), Read(("n", "9"), ("more", "100")), Read()]);
    }

    [Fact]
    public async Task An_error_names_the_server_the_statement_and_the_code()
    {
        using var database = Open(await ClickHouseServer.OptionsAsync());

        var error = Assert.Throws<ClickHouseException>(() => database.Query("select nothing from nodes"));

        Assert.Equal(47, error.Code);
        Assert.StartsWith($"ClickHouse at {database.Options.ClickHouse} could not answer 'select nothing from nodes': ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("(code 47).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_in_a_file_names_the_file()
    {
        Views("create or replace view good as select 1 as a; create or replace view bad as select nothing from nodes");
        using var database = Open(await ClickHouseServer.OptionsAsync());

        var error = Assert.Throws<ClickHouseException>(() => database.Scalar("select a from bad"));

        Assert.Contains("'create or replace view bad as select nothing from nodes' of queries/views/010_own.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_is_told_what_a_query_asks_for_and_no_more()
    {
        Views("create or replace view a as select 1 as n; create or replace view b as select n from a; create or replace view c as select n from b");
        using var database = Open(await ClickHouseServer.OptionsAsync());
        string Made() => (string)database.Scalar("select arrayStringConcat(arraySort(groupArray(name)), ' ') from system.tables where database = currentDatabase() and name in ('a', 'b', 'c')")!;

        var before = Made();
        Assert.Equal(1L, database.Scalar("select max(n)::bigint from \"b\" -- and not c"));

        Assert.Equal(("", "a b"), (before, Made()));
    }

    [Fact]
    public async Task A_function_that_holds_a_query_brings_what_that_reads()
    {
        Views("create or replace view a as select 7 as n; create or replace macro all_of(x) as (select max(n + x) from a); create or replace view b as select all_of(1) as n");
        using var database = Open(await ClickHouseServer.OptionsAsync());

        Assert.Equal(8L, database.Scalar("select n::bigint from b"));
    }

    [Fact]
    public async Task A_function_that_the_server_has_under_the_same_name_stays_what_it_is()
    {
        var (process, url) = await ClickHouseServer.LaunchAsync();
        using var _ = new Killed(process);
        using (var somebody = new ClickHouseConnection(new ClickHouseOptions(url)))
            somebody.Execute("a function", "create function twice as (x) -> x * 2000");
        Views("create or replace macro one() as 1; create or replace macro twice(x) as (x + x) * one()");
        long Answer()
        {
            using var database = Open(new ClickHouseOptions(url) { TrustsUser = true });
            return (long)database.Scalar("select twice(twice(length(['a']))::bigint)")!;
        }

        var first = Answer();
        Views("create or replace macro one() as 10; create or replace macro twice(x) as (x + x) * one()"); // as the next version has it

        Assert.Equal((4, 400), (first, Answer()));
        Assert.Equal("2000", await ClickHouseServer.AskAsync(url, "select twice(1)"));
        Assert.Equal("flowlog_one flowlog_one flowlog_twice flowlog_twice twice", await ClickHouseServer.AskAsync(url, "select arrayStringConcat(arraySort(groupArray(replaceRegexpOne(name, '_[0-9a-f]{8}$', ''))), ' ') from system.functions where origin = 'SQLUserDefined'"));
    }

    [Fact]
    public async Task An_error_that_comes_behind_the_first_rows_is_one_too()
    {
        using var database = Open(await ClickHouseServer.OptionsAsync());
        using var rows = database.Query("select number, throwIf(number = 300000, 'that is enough') as x from numbers(400000)");

        var read = 0;
        var error = Assert.Throws<ClickHouseException>(() => read = rows.Read().Count(_ => ++read > 0));

        Assert.True(read > 1000);
        Assert.Equal(395, error.Code);
        Assert.Contains("that is enough", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("insert into nodes (node) values ('x')")]
    [InlineData("drop table nodes")]
    [InlineData("set max_threads = 1")]
    [InlineData("select 1; select 2")]
    [InlineData("kill query where true")]
    [InlineData("select 1 into outfile '/tmp/x'")]
    [InlineData("")]
    [InlineData("(")]
    public async Task A_statement_that_does_not_read_is_refused_before_it_is_sent(string sql)
    {
        using var database = Open(await ClickHouseServer.OptionsAsync());

        Assert.EndsWith(".", Assert.Throws<QueryRefusedException>(() => database.Query(sql)).Message, StringComparison.Ordinal);
    }

    /// <summary>Without a look at the statement: the server itself is told that nothing may change.</summary>
    [Theory]
    [InlineData("with x as (select 1) insert into nodes (node) select '1' from x")]
    [InlineData("select * from file('/etc/passwd', LineAsString)")]
    [InlineData("select * from url('http://127.0.0.1:1/', LineAsString)")]
    [InlineData("select 1 settings readonly = 0")]
    public async Task The_server_is_asked_with_the_right_to_read_and_no_more(string sql)
    {
        using var database = Open(await ClickHouseServer.OptionsAsync());

        Assert.Throws<ClickHouseException>(() => database.Scalar(sql));
    }

    [Fact]
    public async Task A_user_who_may_do_more_is_refused_before_anything_is_made()
    {
        var server = await ClickHouseServer.OptionsAsync();

        var error = Assert.Throws<ClickHouseException>(() => Open(server with { TrustsUser = false }));

        Assert.Contains("may do more", error.Message, StringComparison.Ordinal);
        Assert.Contains("--trust-user", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_left_on_the_server()
    {
        var (process, url) = await ClickHouseServer.LaunchAsync();
        using var _ = new Killed(process);
        var server = new ClickHouseOptions(url) { TrustsUser = true };
        using (Open(server))
            Assert.Equal("1", await ClickHouseServer.AskAsync(url, OwnDatabases));
        Assert.Equal("0", await ClickHouseServer.AskAsync(url, OwnDatabases));

        Assert.Throws<ClickHouseException>(() => LakeDatabase.Open(new LakeDatabaseOptions { ClickHouse = server with { Source = "no_such_table" }, Files = ["a"] }));
        Views("this is no SQL");
        Assert.Throws<ClickHouseException>(() => Open(server));
        Assert.Equal("0", await ClickHouseServer.AskAsync(url, OwnDatabases));
    }

    [Fact]
    public async Task What_is_cancelled_ends_on_the_server_too()
    {
        var (process, url) = await ClickHouseServer.LaunchAsync();
        using var _ = new Killed(process);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() =>
        {
            using var database = Open(new ClickHouseOptions(url) { TrustsUser = true }, stop.Token);
            return Assert.ThrowsAny<Exception>(() => database.Scalar("select max(sipHash64(number)) from system.numbers"));
        });
        const string Processes = "select count() from system.processes where query like 'select max(sipHash64%'";
        while (await ClickHouseServer.AskAsync(url, Processes) == "0")
            await Task.Delay(20, TestContext.Current.CancellationToken);

        await stop.CancelAsync();

        Assert.True(await running is OperationCanceledException or ClickHouseException { Code: 394 });
        while (await ClickHouseServer.AskAsync(url, Processes) != "0") // it ends at its next block
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal("0", await ClickHouseServer.AskAsync(url, OwnDatabases));
    }

    [Fact]
    public async Task User_and_password_are_told_to_the_server_and_to_nobody_else()
    {
        const string Password = "s3cr3t&#%";
        var (process, url) = await ClickHouseServer.LaunchAsync(Password);
        using var _ = new Killed(process);
        var server = new ClickHouseOptions(url) { User = ClickHouseServer.User, Password = Password, TrustsUser = true };

        using (var database = Open(server))
            Assert.Equal(1L, database.Scalar("select 1"));
        var error = Assert.Throws<ClickHouseException>(() => Open(server with { Password = "other-one" }));

        Assert.Equal(516, error.Code);
        Assert.DoesNotContain("other-one", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, server.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", "does not answer")]
    [InlineData("http://flowlog.invalid:8123/", "does not answer")]
    public void A_server_that_is_not_there_is_named(string url, string what)
    {
        var error = Assert.Throws<ClickHouseException>(() => Open(new ClickHouseOptions(new Uri(url))));

        Assert.StartsWith($"ClickHouse at {url.TrimEnd('/')} {what}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_tuples_of_the_window_are_seen_and_only_its_partitions_are_read()
    {
        var server = (await ClickHouseServer.OptionsAsync()) with { Source = $"file('{_lake.ParquetPath}', Parquet)" };
        for (var second = 0; second < 10; second++)
            _lake.Add(second, Mac, "10.0.0.1:1 -> 10.0.0.2:80");

        long Count(params DateOnly[]? dates)
        {
            using var database = _lake.Open(o => o with { Library = Own(), ClickHouse = server, Since = Start.AddSeconds(3), Until = Start.AddSeconds(7.5), Dates = dates });
            return (long)database.Scalar("select count(*) from lake_tuples")!;
        }

        Assert.Equal([5, 5, 0], [Count(null), Count(new DateOnly(2026, 11, 19), DateOnly.FromDateTime(Start)), Count(new DateOnly(2026, 11, 21))]);
    }

    private (Type Type, object? Cell) Ask(ClickHouseOptions? server, string sql)
    {
        using var database = Open(server);
        using var rows = database.Query(sql);
        return (rows.Columns.Single().Type, rows.Read().Single()[0]);
    }

    private string All(ClickHouseOptions? server, string table)
    {
        using var database = Open(server);
        using var rows = database.Query($"select * from {table} order by 1, 2");
        return string.Join('\n', rows.Read().Select(row => System.Text.Json.JsonSerializer.Serialize(row)).Prepend(string.Join(',', rows.Columns)));
    }

    private LakeDatabase Open(ClickHouseOptions? server, CancellationToken cancellation = default) => _lake.Open(
        o => o with { Library = Own(), ClickHouse = server is null ? null : server with { Source = $"file('{_lake.ParquetPath}', Parquet)" } }, cancellation);

    /// <summary>The prelude, and no views but those of <see cref="Views"/>.</summary>
    private QueryLibrary Own()
    {
        Directory.CreateDirectory(_folder["engines"]);
        File.Copy(Path.Combine(RepositoryPaths.Root, "queries", "engines", "clickhouse.sql"), Path.Combine(_folder["engines"], "clickhouse.sql"), overwrite: true);
        return QueryLibrary.FromDirectory(_folder.Path);
    }

    private void Views(string sql)
    {
        Directory.CreateDirectory(_folder["views"]);
        File.WriteAllText(Path.Combine(_folder["views"], "010_own.sql"), $"-- title: Own\n{sql}");
    }

    private sealed class Killed(System.Diagnostics.Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill();
            process.Dispose();
        }
    }
}
