using System.Globalization;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// A ClickHouse server or cluster that reads the lake as it lies. Views and small tables live in a database of this run,
/// which is dropped at the end.
/// </summary>
internal sealed class ClickHouseEngine : IQueryEngine
{
    private const string DatabaseOfRun = "the database of this run";

    /// <summary>How requests and results are; what queries mean is set by the prelude.</summary>
    private static readonly Dictionary<string, string> RequestSettings = new(StringComparer.Ordinal)
    {
        ["session_timezone"] = "UTC",
        ["output_format_json_quote_64bit_integers"] = "0",
        ["output_format_json_quote_decimals"] = "0",
        ["output_format_json_quote_denormals"] = "1",
        ["cancel_http_readonly_queries_on_client_close"] = "1",
        ["query_plan_max_optimizations_to_apply"] = "1000000", // views on views on views
        ["max_query_size"] = "16777216", // the names of a long list of dates or addresses
    };

    private readonly ClickHouseConnection _connection;
    private readonly CancellationTokenRegistration _cancelled;
    private readonly ClickHouseDefinitions _definitions;
    private ClickHouseConfinement? _confinement;

    /// <exception cref="ClickHouseException">The server cannot be asked, or cannot read the lake.</exception>
    public ClickHouseEngine(LakeDatabaseOptions options, CancellationToken cancellation)
    {
        _connection = new ClickHouseConnection(options.ClickHouse!);
        _definitions = new ClickHouseDefinitions(_connection.Execute);
        foreach (var (name, value) in RequestSettings)
            _connection.Settings[name] = value;
        if (options.Threads is { } threads)
            _connection.Settings["max_threads"] = threads.ToString(CultureInfo.InvariantCulture);
        _cancelled = cancellation.Register(Interrupt);
        CheckUser(options);

        var database = $"flowlog_{TimeProvider.System.GetUtcNow():yyyyMMdd'T'HHmmss}_{Guid.NewGuid().ToString("N")[..12]}";
        _connection.Execute(DatabaseOfRun, $"create database {database}");
        _connection.Database = database;
        try
        {
            foreach (var statement in ClickHouseSource.Create(options))
                _connection.Execute("the lake's table tuples", statement);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name => "clickhouse";

    public void Define(QueryFile file)
    {
        var what = $"queries/{file.Folder}/{file.Name}.sql";
        foreach (var statement in SqlTokens.Statements(file.Sql))
        {
            if (ClickHouseSql.Begins(statement, "comment", "on"))
                continue;
            if (ClickHouseSql.Begins(statement, "set"))
                Set(what, statement);
            else if (!_definitions.TryAdd($"{What(statement)} of {what}", statement))
                _connection.Execute($"{What(statement)} of {what}", _definitions.Ready(statement));
        }
    }

    public void Create(TableShape shape) => _connection.Execute($"the table {shape.Name}", ClickHouseTables.Create(shape));

    public void Append(TableShape shape, IEnumerable<object?[]> rows) => _connection.Execute($"the rows of the table {shape.Name}", ClickHouseTables.Insert(shape, rows));

    /// <summary>Views refer to each other by name: the table takes the view's name, and those on top find it.</summary>
    public void Materialise(string view)
    {
        _definitions.Bind(ClickHouseSql.NoVariables);
        _definitions.Keep(view);
        _connection.Execute($"the view {view}", $"rename table {view} to {view}_definition");
        _connection.Execute($"the view {view}", $"create table {view} engine = MergeTree order by tuple() as select * from {view}_definition");
    }

    /// <summary>Nothing to lock: every request that reads says so, and the server then neither writes nor calls table functions.</summary>
    public void LockDown()
    {
    }

    public void CheckReads(string sql) => ClickHouseReadOnly.Check(sql);

    public QueryRows Ask(string sql, IReadOnlyDictionary<string, string> variables)
    {
        CheckReads(sql);
        ClickHouseReadOnly.CheckSpelling(sql);
        _definitions.Bind(variables);
        var statement = SqlTokens.Statements(sql).Single();
        var tree = ClickHouseSyntaxTree.Parse(Texts(What(statement), $"explain ast {_definitions.Ready(statement)}"));
        _confinement ??= new(_connection.Database!, Texts("its functions", ClickHouseConfinement.RefusedFunctions).ToHashSet(StringComparer.Ordinal));
        _confinement.Check(tree, _definitions.OnServer);
        return Read(sql, variables);
    }

    public QueryRows Read(string sql, IReadOnlyDictionary<string, string> variables)
    {
        _definitions.Bind(variables);
        var statement = SqlTokens.Statements(sql).Single();
        return ClickHouseRows.Ask(_connection, What(statement), _definitions.Ready(statement));
    }

    public void Interrupt() => _connection.Interrupt();

    public void Dispose()
    {
        _cancelled.Dispose();
        try
        {
            if (_connection.Database is { } database)
                _connection.Execute(DatabaseOfRun, $"drop database {database} sync");
        }
        catch (ClickHouseException)
        {
            // The server is gone, or lost the right: what was found stands, and the name says what the database was.
        }

        _connection.Dispose();
    }

    private void CheckUser(LakeDatabaseOptions options)
    {
        var server = options.ClickHouse!;
        if (server.TrustsUser)
            return;

        try
        {
            var beyond = ClickHouseRights.Beyond(Texts("the rights of its user", "show grants final"), ClickHouseSource.Of(options));
            if (beyond.Count == 0)
                return;

            throw new ClickHouseException(
                $"The user {(server.User is { } user ? $"'{user}'" : "that asks")} may do more at {server} than flowlog needs: {Several(beyond)}. "
                + "Make a user of its own (docs/how-to/query-with-clickhouse.md says how), or give --trust-user.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static string Several(IReadOnlyList<string> texts)
    {
        const int Shown = 5;
        return string.Join(", ", texts.Take(Shown)) + (texts.Count > Shown ? $" and {texts.Count - Shown} more" : "");
    }

    /// <summary>The first cell of each row.</summary>
    private List<string> Texts(string what, string sql)
    {
        using var rows = ClickHouseRows.Ask(_connection, what, sql);
        return [.. rows.Read().Select(row => (string)row[0]!)];
    }

    private void Set(string what, IReadOnlyList<SqlToken> statement)
    {
        var text = string.Concat(statement.Where(t => t.Kind != SqlTokenKind.Comment).SkipWhile(t => !t.Is("set")).Skip(1).Select(t => t.Text));
        foreach (var setting in text.Split(','))
        {
            var parts = setting.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2)
                throw new InvalidDataException($"{what}: '{setting.Trim()}' is not of the form 'name = value'.");
            _connection.Settings[parts[0]] = parts[1].Trim('\'');
        }
    }

    /// <summary>The beginning of a statement, to tell it from others in an error.</summary>
    private static string What(IReadOnlyList<SqlToken> statement)
    {
        const int Most = 80;
        var text = string.Concat(statement.Select(t => t.Kind == SqlTokenKind.Comment ? "" : t.Kind == SqlTokenKind.Space ? " " : t.Text)).Trim();
        return text.Length <= Most ? $"'{text}'" : $"'{text[..Most]}…'";
    }
}
