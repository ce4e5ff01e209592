using System.CommandLine;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>--engine</c>, and how to reach a ClickHouse server; the password's place is the environment.</summary>
internal sealed class ServerOptions
{
    private const string DuckDb = "duckdb";
    private const string ClickHouse = "clickhouse";
    private const string Variables = "FLOWLOG_CLICKHOUSE_";

    private readonly bool _isOffered;

    private readonly Option<string> _engine = new("--engine")
    {
        Description = "What runs the SQL: duckdb, on this machine, or clickhouse, a server or cluster that reads the lake itself; default: duckdb.",
        HelpName = "ENGINE",
        DefaultValueFactory = _ => DuckDb,
    };

    private readonly Option<string?> _url = new("--url") { Description = $"The server's HTTP interface, such as http://HOST:8123; default: {Variables}URL.", HelpName = "URL" };

    private readonly Option<string?> _user = new("--user") { Description = $"Who asks the server; default: {Variables}USER, or its default user. The password is that of {Variables}PASSWORD.", HelpName = "NAME" };

    private readonly Option<string?> _source = new("--clickhouse-source")
    {
        Description = $"How the server reads the lake's table of tuples: a table function such as deltaLakeAzureCluster('CLUSTER', COLLECTION), or a table; default: {Variables}SOURCE, or told from where the lake is.",
        HelpName = "SQL",
    };

    private readonly Option<bool> _trust = new("--trust-user") { Description = "Asks the server also as a user who may do more there than flowlog needs." };

    /// <param name="isOffered">False for a verb that only works with DuckDB: it then says so.</param>
    public ServerOptions(bool isOffered)
    {
        _isOffered = isOffered;
        _engine.Hidden = !isOffered;
        _engine.AcceptOnlyFromAmong(DuckDb, ClickHouse);
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_engine);
        foreach (var option in _isOffered ? new Option[] { _url, _user, _source, _trust } : [])
            command.Options.Add(option);
    }

    /// <summary>The server to ask; null = DuckDB.</summary>
    /// <exception cref="UsageException">Nothing says where the server is, or the verb cannot ask one.</exception>
    public ClickHouseOptions? Read(Invocation call)
    {
        if (call.Get(_engine) != ClickHouse)
            return _isOffered && new Option[] { _url, _user, _source, _trust }.FirstOrDefault(call.IsGiven) is { } stray
                ? throw new UsageException($"{stray.Name} is about a ClickHouse server: give --engine clickhouse too.")
                : null;

        if (!_isOffered)
            throw new UsageException("--engine clickhouse is for check, query and report; this command works with DuckDB, on this machine.");

        return new ClickHouseOptions(Address(Value(call, _url, "URL")))
        {
            User = Value(call, _user, "USER"),
            Password = Value(call, null, "PASSWORD"),
            Source = Value(call, _source, "SOURCE"),
            TrustsUser = call.Get(_trust),
        };
    }

    private static string? Value(Invocation call, Option<string?>? option, string variable) =>
        (option is null ? null : call.Get(option)) ?? (call.Host.Variable(Variables + variable) is { Length: > 0 } value ? value : null);

    private static Uri Address(string? text)
    {
        if (text is null)
            throw new UsageException($"--engine clickhouse needs the server's address: --url http://HOST:8123, or the variable {Variables}URL.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new UsageException($"--url takes an address that begins with http:// or https://, not '{text}'.");

        return url.UserInfo.Length == 0
            ? url
            : throw new UsageException($"--url takes an address without a user: give --user, and the password in {Variables}PASSWORD.");
    }
}
