using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake.Storage;

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
    private readonly string _tempDirectory;
    private readonly int? _cappedMegabytes;
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal);
    private readonly DuckDbDefinitions _definitions;

    /// <exception cref="DuckDBException">A file is missing or is not a Parquet file of the lake.</exception>
    public DuckDbEngine(LakeDatabaseOptions options)
    {
        _files = options.Files;
        _definitions = new DuckDbDefinitions(Make);
        _cappedMegabytes = options.CapsMemory ? options.MemoryLimitMegabytes : null;
        _tempDirectory = Fresh(options.TempDirectory);
        try
        {
            _connection.Open();
            Configure(options);
            Execute(DuckDbSource.CreateView(options));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name => EngineName;

    public void Define(QueryFile file) => _definitions.Add(file.Sql);

    public void Create(TableShape shape) => Execute(DuckDbTables.Create(shape));

    public void Append(TableShape shape, IEnumerable<object?[]> rows) => DuckDbTables.Append(_connection, shape, rows);

    public void Materialise(string view)
    {
        _definitions.MakeFor(view);
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

    public QueryRows Ask(string sql, IReadOnlyDictionary<string, string> variables)
    {
        CheckReads(sql);
        var ceiling = _cappedMegabytes is { } most ? MemoryCeiling.Hold(most) : null;
        try
        {
            return Read(sql, variables).Owning(ceiling);
        }
        catch
        {
            ceiling?.Dispose();
            throw;
        }
    }

    public QueryRows Read(string sql, IReadOnlyDictionary<string, string> variables)
    {
        _definitions.MakeFor(sql);
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
        if (Directory.Exists(_tempDirectory))
            Directory.Delete(_tempDirectory, recursive: true);
    }

    /// <summary>A folder that nobody else writes to or reads: SQL can read what lies where queries spill to.</summary>
    private static string Fresh(string? parent)
    {
        if (parent is null)
            return ScratchFolder.Make("flowlog-");

        var folder = Path.Combine(Path.GetFullPath(parent), $"flowlog-{Guid.NewGuid():N}");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(folder).FullName
            : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    /// <summary>A view has the columns that it has without variables.</summary>
    private void Make(string definition)
    {
        Bind(None);
        Execute(definition);
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

    private void Configure(LakeDatabaseOptions options)
    {
        Execute("set TimeZone = 'UTC'");
        Execute("set autoinstall_known_extensions = false");
        Execute("set autoload_known_extensions = false");
        Execute($"set memory_limit = '{options.MemoryLimitMegabytes}MiB'");
        Execute($"set temp_directory = {SqlText.Literal(_tempDirectory)}");
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
