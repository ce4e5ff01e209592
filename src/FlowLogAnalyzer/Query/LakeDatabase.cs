using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query.Coverage;
using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Query;

/// <summary>
/// One lake, ready to be asked: its tuples, the inventory's tables and the views of queries/views in a query engine, which
/// is DuckDB in this process or a ClickHouse server. After opening, what is asked can read these and nothing else. Not safe
/// for concurrent use.
/// </summary>
public sealed class LakeDatabase : IDisposable
{
    private readonly IQueryEngine _engine;
    private readonly HashSet<string> _materialised = new(StringComparer.Ordinal);
    private IReadOnlyList<CoverageHour>? _coverage;

    private LakeDatabase(IQueryEngine engine, LakeDatabaseOptions options)
    {
        _engine = engine;
        Options = options;
        Library = options.Library ?? QueryLibrary.BuiltIn;
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

    /// <exception cref="System.Data.Common.DbException">A file is missing or is not a Parquet file of the lake, or the server cannot be asked.</exception>
    public static LakeDatabase Open(LakeDatabaseOptions options, CancellationToken cancellation = default)
    {
        IQueryEngine engine = options.ClickHouse is null ? new DuckDbEngine(options) : new ClickHouseEngine(options, cancellation);
        var database = new LakeDatabase(engine, options);
        using var stop = cancellation.Register(engine.Interrupt);
        try
        {
            database.LoadInventory(options.Tables);
            foreach (var file in database.Library.Definitions(engine.Name))
                database.Define(file, options.Resolve, cancellation);

            engine.LockDown();
            return database;
        }
        catch (Exception e)
        {
            stop.Dispose();
            database.Dispose();
            if (e is System.Data.Common.DbException)
                cancellation.ThrowIfCancellationRequested(); // what was interrupted says so in words of its own
            throw;
        }
    }

    /// <summary>Whether a statement asks the recorded tuples, directly or through a view.</summary>
    public bool ReadsTuples(string sql) => new ViewGraph(Library).Reads(sql, "lake_tuples");

    /// <summary>Runs one read-only statement that a person typed.</summary>
    /// <exception cref="QueryRefusedException">It is not a single read-only statement.</exception>
    public QueryRows Query(string sql, IReadOnlyDictionary<string, string>? variables = null) => _engine.Ask(sql, Literals(variables, null));

    /// <summary>
    /// Runs a query of the catalogue; its parameters not named in <paramref name="variables"/> have their defaults. What a
    /// finding reads many times is computed first.
    /// </summary>
    /// <exception cref="QueryRefusedException">The file holds something else than one read-only statement, or a variable is not one of its parameters.</exception>
    public QueryRows Run(QueryFile query, IReadOnlyDictionary<string, string>? variables = null)
    {
        Check(query, variables);
        if (Library.Findings.Contains(query))
            Prepare([query], isFixed: _ => false); // the next question may set another
        return Read(query.Sql, variables, query.Parameters);
    }

    /// <summary>The same, of a finding whose views <see cref="Prepare"/> has computed.</summary>
    internal QueryRows RunPrepared(QueryFile query, IReadOnlyDictionary<string, string>? variables)
    {
        Check(query, variables);
        return Read(query.Sql, variables, query.Parameters);
    }

    /// <summary>Computes the views that these queries share: what is computed stays as it is, whatever is asked later.</summary>
    /// <param name="queries">Of the catalogue.</param>
    /// <param name="isFixed">Whether a parameter that a view asks for will always have its default.</param>
    /// <param name="cancellation">Ends it between two views.</param>
    internal void Prepare(IReadOnlyCollection<QueryFile> queries, Func<string, bool> isFixed, CancellationToken cancellation = default)
    {
        var graph = new ViewGraph(Library);
        var read = graph.Below(queries.Select(q => q.Sql));
        foreach (var view in LakeTables.OfFindings.Where(view => read.Contains(view) && graph.Variables(view).All(isFixed)))
        {
            cancellation.ThrowIfCancellationRequested();
            Materialise(view);
        }
    }

    /// <summary>
    /// Computes a view once and lets its name stand for the result from then on. Findings ask the same questions of the
    /// same rows: this is what keeps `check` from reading the lake once per finding.
    /// </summary>
    internal void Materialise(string view)
    {
        if (_materialised.Add(view))
            Clock.Time(view, () => _engine.Materialise(view));
    }

    /// <summary>Stops whatever runs, from another thread: it ends with an exception.</summary>
    public void Interrupt() => _engine.Interrupt();

    /// <summary>The first cell of the first row; null when there is none.</summary>
    internal object? Scalar(string sql)
    {
        using var rows = Read(sql, null);
        return rows.Read().FirstOrDefault()?[0];
    }

    internal QueryRows Read(string sql, IReadOnlyDictionary<string, string>? variables, IReadOnlyList<QueryParameter>? parameters = null) =>
        _engine.Read(sql, Literals(variables, parameters));

    public void Dispose() => _engine.Dispose();

    private static Dictionary<string, string> Literals(IReadOnlyDictionary<string, string>? variables, IReadOnlyList<QueryParameter>? parameters) =>
        (variables ?? new Dictionary<string, string>(StringComparer.Ordinal)).ToDictionary(
            v => v.Key, v => SqlText.Variable(v.Value, parameters?.FirstOrDefault(p => p.Name == v.Key)?.Type), StringComparer.Ordinal);

    private void Check(QueryFile query, IReadOnlyDictionary<string, string>? variables)
    {
        query.CheckVariables(variables);
        _engine.CheckReads(query.Sql);
    }

    private void Define(QueryFile file, AddressResolver? resolve, CancellationToken cancellation)
    {
        _engine.Define(file);
        foreach (var table in LakeTables.After(file))
        {
            cancellation.ThrowIfCancellationRequested();
            Materialise(table);
            if (table == LakeTables.SeenAddresses)
                Clock.Time("addresses", () => ResolveAddresses(resolve, cancellation));
        }
    }

    private void LoadInventory(IReadOnlyList<InventoryTable> tables)
    {
        var filled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var shape in AnalysisTables.All)
        {
            var rows = tables.Where(t => t.Shape.Name == shape.Name).SelectMany(t => t.Rows).ToList();
            _engine.Create(shape);
            if (rows.Count == 0)
                continue;

            OverlappingRows += InventoryLoader.Append(_engine, shape, rows);
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

        OverlappingRows += InventoryLoader.Append(_engine, InventorySchema.Addresses, Named());
        FilledTables = new HashSet<string>(FilledTables, StringComparer.Ordinal) { InventorySchema.Addresses.Name };
    }
}
