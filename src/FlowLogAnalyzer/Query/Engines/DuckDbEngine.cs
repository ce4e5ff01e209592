using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// DuckDB in this process, in memory, over the lake's active Parquet files. After <see cref="LockDown"/> it can read these
/// files and nothing else, and its configuration is locked (DuckDB documentation, "Securing DuckDB").
/// </summary>
internal sealed class DuckDbEngine : IQueryEngine
{
    public const string EngineName = "duckdb";

    private static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);

    private readonly DuckDBConnection _connection = new("Data Source=:memory:");
    private readonly IReadOnlyList<string> _files;
    private readonly string? _ownTempDirectory;
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal);

    /// <exception cref="DuckDBException">A file is missing or is not a Parquet file of the lake.</exception>
    public DuckDbEngine(LakeDatabaseOptions options)
    {
        _files = options.Files;
        _ownTempDirectory = options.TempDirectory is null ? Directory.CreateTempSubdirectory("flowlog-").FullName : null;
        try
        {
            _connection.Open();
            Configure(options, options.TempDirectory ?? _ownTempDirectory!);
            Execute(DuckDbSource.CreateView(options));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name => EngineName;

    public void Define(QueryFile file) => Execute(file.Sql);

    public void Create(TableShape shape) => Execute(DuckDbTables.Create(shape));

    public void Append(TableShape shape, IEnumerable<object?[]> rows) => DuckDbTables.Append(_connection, shape, rows);

    public void Materialise(string view)
    {
        Bind(None);
        Execute($"create temp table {view} as select * from memory.main.{view}");
    }

    public void LockDown()
    {
        Execute($"set allowed_paths = {SqlText.List(_files)}");
        Execute("set enable_external_access = false");
        Execute("set lock_configuration = true");
    }

    public void CheckReads(string sql) => DuckDbReadOnly.Check(sql, Scalar);

    public QueryRows Read(string sql, IReadOnlyDictionary<string, string> variables)
    {
        Bind(variables);
        return DuckDbRows.Of(Command(sql));
    }

    public void Interrupt()
    {
        using var command = _connection.CreateCommand();
        command.Cancel();
    }

    public void Dispose()
    {
        _connection.Dispose();
        if (_ownTempDirectory is not null && Directory.Exists(_ownTempDirectory))
            Directory.Delete(_ownTempDirectory, recursive: true);
    }

    /// <summary>Parameters of different queries share names: what one was given is not the other's.</summary>
    private void Bind(IReadOnlyDictionary<string, string> variables)
    {
        foreach (var name in _variables)
            Execute($"reset variable {SqlText.Identifier(name)}");
        _variables.Clear();
        foreach (var (name, literal) in variables)
        {
            _variables.Add(name);
            Execute($"set variable {SqlText.Identifier(name)} = {literal}");
        }
    }

    private void Configure(LakeDatabaseOptions options, string tempDirectory)
    {
        Execute("set TimeZone = 'UTC'");
        Execute("set autoinstall_known_extensions = false");
        Execute("set autoload_known_extensions = false");
        Execute($"set memory_limit = '{options.MemoryLimitMegabytes}MiB'");
        Execute($"set temp_directory = {SqlText.Literal(tempDirectory)}");
        if (options.Threads is { } threads)
            Execute($"set threads = {threads}");
    }

    private object? Scalar(string sql)
    {
        using var command = Command(sql);
        return command.ExecuteScalar();
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    [SuppressMessage("Security", "CA2100", Justification = "SQL is this product's interface; the engine is confined to the lake.")]
    private DuckDBCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
