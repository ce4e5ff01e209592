using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query.Baselines;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Query;

/// <summary>
/// A lake with everything its tuples are joined to, to be opened for one window of time after the other. Inventory and
/// baseline are read once; the files of a remote lake are fetched when a window needs them.
/// </summary>
public sealed class LakeWindows
{
    private readonly IReadOnlyList<InventoryTable> _tables;

    private LakeWindows(FlowLake lake, ClusterInventory inventory, IReadOnlyList<InventoryTable> tables)
    {
        Lake = lake;
        Inventory = inventory;
        _tables = tables;
    }

    public FlowLake Lake { get; }

    public ClusterInventory Inventory { get; }

    /// <param name="lake">The lake.</param>
    /// <param name="configuration">What is normal in this cluster; null = nothing is declared.</param>
    /// <param name="ct">Cancels.</param>
    public static async ValueTask<LakeWindows> LoadAsync(FlowLake lake, FlowLogConfiguration? configuration = null, CancellationToken ct = default)
    {
        configuration ??= FlowLogConfiguration.None;
        var inventory = ClusterInventory.Build(await new InventoryStore(lake).LoadAsync(ct), configuration.Inventory);
        var baseline = await new BaselineStore(lake).LoadAsync(ct);
        return new LakeWindows(lake, inventory, [.. inventory.Tables, .. ConfigurationTables.Of(configuration), baseline]);
    }

    /// <summary>A database over the tuples with since &lt;= time &lt; until (UTC; null = no bound). The caller disposes it.</summary>
    /// <param name="since">First instant.</param>
    /// <param name="until">The instant behind the last.</param>
    /// <param name="change">How the database is opened beyond that, such as its memory; null = as usual.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="IOException">A file of the lake cannot be had.</exception>
    public async ValueTask<LakeDatabase> OpenAsync(
        DateTime? since, DateTime? until, Func<LakeDatabaseOptions, LakeDatabaseOptions>? change = null, CancellationToken ct = default) =>
        LakeDatabase.Open(await OptionsAsync(since, until, change, ct), ct);

    /// <summary>What such a database is opened over.</summary>
    internal async ValueTask<LakeDatabaseOptions> OptionsAsync(
        DateTime? since, DateTime? until, Func<LakeDatabaseOptions, LakeDatabaseOptions>? change = null, CancellationToken ct = default)
    {
        var options = new LakeDatabaseOptions
        {
            Location = Lake.Location,
            Snapshot = await Lake.Tuples.Archive.RecallAsync(await Lake.Tuples.SnapshotAsync(ct), since, until, ct),
            Tables = _tables,
            Resolve = address => Inventory.ResolveAll([address]).Rows,
            Since = since,
            Until = until,
        };
        return await WithFilesAsync(change?.Invoke(options) ?? options, ct);
    }

    private static LakeDatabaseOptions WithFiles(LakeDatabaseOptions options, IReadOnlyList<TupleFile> files) => options with
    {
        Files = [.. files.Select(f => f.LocalPath!)],
        FileDates = files.Where(f => !f.RelativePath.StartsWith($"{FlowColumns.Partition}={f.Date:yyyy-MM-dd}/", StringComparison.Ordinal)).ToDictionary(f => f.LocalPath!, f => f.Date, StringComparer.Ordinal),
    };

    /// <summary>A server reads the lake by itself; it is told which partitions hold the window.</summary>
    private async ValueTask<LakeDatabaseOptions> WithFilesAsync(LakeDatabaseOptions options, CancellationToken ct)
    {
        var (since, until) = (options.Since, options.Until);
        if (options.ClickHouse is null)
            return WithFiles(options, await Lake.Tuples.GetLocalFilesAsync(since, until, ct));

        var files = await Lake.Tuples.GetActiveFilesAsync(since, until, ct);
        return options with
        {
            Files = [.. files.Select(f => f.RelativePath)],
            Dates = since is null && until is null ? null : [.. files.Select(f => f.Date).Distinct().Order()],
        };
    }
}
