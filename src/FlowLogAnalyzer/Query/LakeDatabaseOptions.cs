using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Query;

/// <summary>
/// Says who an address was: rows for the table <c>addresses</c>, cells in the order of
/// <see cref="InventorySchema.Addresses"/>. Called once per distinct address of the window.
/// </summary>
public delegate IEnumerable<object?[]> AddressResolver(IpAddressKey address);

/// <summary>What a <see cref="LakeDatabase"/> is opened over, and how much of the machine it may use.</summary>
public sealed record LakeDatabaseOptions
{
    /// <summary>Absolute paths of the lake's active Parquet files; none gives an empty, typed view.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The partition of those of the <see cref="Files"/> whose path does not say it, as other engines may lay them out.</summary>
    public IReadOnlyDictionary<string, DateOnly> FileDates { get; init; } = new Dictionary<string, DateOnly>();

    /// <summary>The lake's folder or address, for an engine that finds the files itself; null when there are only files.</summary>
    public string? Location { get; init; }

    /// <summary>The partitions of <see cref="Files"/>; null = all, which is what no window gives.</summary>
    public IReadOnlyList<DateOnly>? Dates { get; init; }

    /// <summary>The server to ask; null = DuckDB in this process.</summary>
    public ClickHouseOptions? ClickHouse { get; init; }

    /// <summary>Tables of the inventory; a table that is not given is empty.</summary>
    public IReadOnlyList<InventoryTable> Tables { get; init; } = [];

    /// <summary>When the snapshots behind <see cref="Tables"/> were taken, UTC, in order; none = not known.</summary>
    public IReadOnlyList<DateTime> Snapshots { get; init; } = [];

    /// <summary>Fills the table <c>addresses</c>; without it addresses have no names.</summary>
    public AddressResolver? Resolve { get; init; }

    /// <summary>The version of the table <c>tuples</c> that <see cref="Files"/> are of: it knows how far each blob was read.</summary>
    public DeltaSnapshot Snapshot { get; init; } = DeltaSnapshot.None;

    /// <summary>Only tuples at or after this time (UTC) are seen.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Only tuples before this time (UTC) are seen.</summary>
    public DateTime? Until { get; init; }

    /// <summary>Upper bound of the engine's memory in mebibytes; beyond it, queries spill to <see cref="TempDirectory"/>.</summary>
    public int MemoryLimitMegabytes { get; init; } = 2048;

    /// <summary>
    /// While typed SQL runs, the whole process gets no more than that limit and a little beside what it has: what a query then
    /// cannot have is an error of the query. For a process that does little else.
    /// </summary>
    public bool CapsMemory { get; init; }

    /// <summary>Threads of the engine; null = one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>Below it is the folder that queries spill to, one for each database and removed at the end; null = below the system's.</summary>
    public string? TempDirectory { get; init; }

    /// <summary>The queries and views to use; null = those built in.</summary>
    public QueryLibrary? Library { get; init; }
}
