using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;
using FlowLogAnalyzer.Analysis.Coverage;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Analysis;

/// <summary>
/// An in-memory DuckDB over one lake: the active Parquet files, the inventory's tables and the views of queries/views.
/// After opening, the engine can read these files and nothing else, and its configuration is locked
/// (DuckDB documentation, "Securing DuckDB"). Not safe for concurrent use.
/// </summary>
public sealed class LakeDatabase : IDisposable
{
    /// <summary>The name of its prelude in queries/engines.</summary>
    internal const string Engine = "duckdb";

    private readonly DuckDBConnection _connection;
    private readonly string? _ownTempDirectory;
    private readonly HashSet<string> _materialised = new(StringComparer.Ordinal);
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal);
    private IReadOnlyList<CoverageHour>? _coverage;

    private LakeDatabase(DuckDBConnection connection, LakeDatabaseOptions options, string? ownTempDirectory)
    {
        _connection = connection;
        Options = options;
        Library = options.Library ?? QueryLibrary.BuiltIn;
        _ownTempDirectory = ownTempDirectory;
    }

    /// <summary>What it was opened with.</summary>
    public LakeDatabaseOptions Options { get; }

    public QueryLibrary Library { get; }

    /// <summary>Names of inventory tables that hold at least one row.</summary>
    public IReadOnlySet<string> FilledTables { get; private set; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>How many inventory rows claimed an owner (MAC, address, frontend) for a time that an earlier row claimed too.</summary>
    public int OverlappingRows { get; private set; }

    /// <summary>What was computed so far, in order, and what it cost.</summary>
    public IReadOnlyList<CheckStep> Steps => Clock.Steps;

    internal StepClock Clock { get; } = new();

    /// <summary>How far the logs of each NIC and hour can be relied on; worked out when it is first asked for.</summary>
    public IReadOnlyList<CoverageHour> Coverage => _coverage ??= CoverageCertificate.Build(this);

    /// <exception cref="DuckDBException">A file is missing or is not a Parquet file of the lake.</exception>
    public static LakeDatabase Open(LakeDatabaseOptions options, CancellationToken cancellation = default)
    {
        var ownTemp = options.TempDirectory is null ? Directory.CreateTempSubdirectory("flowlog-").FullName : null;
        var connection = new DuckDBConnection("Data Source=:memory:");
        var database = new LakeDatabase(connection, options, ownTemp);
        try
        {
            connection.Open();
            database.Configure(options, options.TempDirectory ?? ownTemp!);
            database.Execute(LakeSource.CreateView(options));
            database.LoadInventory(options.Tables);
            foreach (var file in database.Library.Definitions(Engine))
                database.Define(file, options.Resolve, cancellation);

            database.LockDown(options.Files);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Runs one read-only statement that a person typed.</summary>
    /// <exception cref="QueryRefusedException">It is not a single read-only statement.</exception>
    public QueryRows Query(string sql, IReadOnlyDictionary<string, string>? variables = null)
    {
        ReadOnlySql.Check(sql, this);
        return Read(sql, variables);
    }

    /// <summary>Runs a query of the catalogue; its parameters not named in <paramref name="variables"/> have their defaults.</summary>
    /// <exception cref="QueryRefusedException">The file holds something else than one read-only statement, or a variable is not one of its parameters.</exception>
    public QueryRows Run(QueryFile query, IReadOnlyDictionary<string, string>? variables = null)
    {
        query.CheckVariables(variables);
        ReadOnlySql.Check(query.Sql, this);
        return Read(query.Sql, variables, query.Parameters);
    }

    /// <summary>
    /// Computes a view once and lets its name stand for the result from then on. Findings ask the same questions of the
    /// same rows: this is what keeps `check` from reading the lake once per finding.
    /// </summary>
    internal void Materialise(string view)
    {
        if (!_materialised.Add(view))
            return;

        ResetVariables();
        Clock.Time(view, () => Execute($"create temp table {view} as select * from memory.main.{view}"));
    }

    private void Define(QueryFile view, AddressResolver? resolve, CancellationToken cancellation)
    {
        Execute(view.Sql);
        foreach (var table in LakeTables.After(view))
        {
            cancellation.ThrowIfCancellationRequested();
            Materialise(table);
            if (table == LakeTables.SeenAddresses)
                Clock.Time("addresses", () => ResolveAddresses(resolve, cancellation));
        }
    }

    /// <summary>Stops whatever runs, from another thread: it ends with an exception.</summary>
    public void Interrupt()
    {
        using var command = _connection.CreateCommand();
        command.Cancel();
    }

    internal object? Scalar(string sql)
    {
        using var command = Command(sql);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    internal QueryRows Read(string sql, IReadOnlyDictionary<string, string>? variables, IReadOnlyList<QueryParameter>? parameters = null)
    {
        ResetVariables();
        foreach (var (name, value) in variables ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            _variables.Add(name);
            Execute($"set variable {SqlText.Identifier(name)} = {SqlText.Variable(value, parameters?.FirstOrDefault(p => p.Name == name)?.Type)}");
        }

        return new QueryRows(Command(sql));
    }

    /// <summary>Parameters of different queries share names: what one was given is not the other's.</summary>
    private void ResetVariables()
    {
        foreach (var name in _variables)
            Execute($"reset variable {SqlText.Identifier(name)}");
        _variables.Clear();
    }

    public void Dispose()
    {
        _connection.Dispose();
        if (_ownTempDirectory is not null && Directory.Exists(_ownTempDirectory))
            Directory.Delete(_ownTempDirectory, recursive: true);
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

    private void LockDown(IReadOnlyList<string> files)
    {
        Execute($"set allowed_paths = {SqlText.List(files)}");
        Execute("set enable_external_access = false");
        Execute("set lock_configuration = true");
    }

    private void LoadInventory(IReadOnlyList<InventoryTable> tables)
    {
        var filled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var shape in AnalysisTables.All)
        {
            var rows = tables.Where(t => t.Shape.Name == shape.Name).SelectMany(t => t.Rows).ToList();
            OverlappingRows += InventoryLoader.Load(_connection, shape, rows);
            if (rows.Count > 0)
                filled.Add(shape.Name);
        }

        FilledTables = filled;
    }

    private void ResolveAddresses(AddressResolver? resolve, CancellationToken cancellation)
    {
        if (resolve is null)
            return;

        var texts = new List<string>();
        using (var rows = Read("select ip from seen_addresses order by 1", null))
            texts.AddRange(rows.Read().Select(row => (string)row[0]!));

        IEnumerable<object?[]> Named()
        {
            foreach (var text in texts)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!IpAddressKey.TryParse(text, out var key))
                    continue;
                foreach (var row in resolve(key))
                    yield return row;
            }
        }

        OverlappingRows += InventoryLoader.Append(_connection, InventorySchema.Addresses, Named());
        FilledTables = new HashSet<string>(FilledTables, StringComparer.Ordinal) { InventorySchema.Addresses.Name };
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
