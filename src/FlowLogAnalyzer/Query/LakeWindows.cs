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

    private readonly IReadOnlyList<DateTime> _snapshots;
    private readonly LakeSettings _settings;

    private LakeWindows(FlowLake lake, LakeSettings settings, FlowLogConfiguration configuration, IReadOnlyList<InventoryDocument> documents, InventoryTable baseline)
    {
        (Lake, Configuration, _settings) = (lake, configuration, settings);
        Inventory = ClusterInventory.Build(documents, configuration.Inventory);
        _tables = [.. Inventory.Tables, .. ConfigurationTables.Of(configuration), baseline];
        _snapshots = LookedAt.TimesOf(documents);
    }

    public FlowLake Lake { get; }

    public ClusterInventory Inventory { get; }

    /// <summary>What flowlog.json says.</summary>
    public FlowLogConfiguration Configuration { get; }

    /// <param name="lake">The lake.</param>
    /// <param name="settings">How it is opened; null = as the lake itself says.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ConfigurationException">Something in the lake's flowlog.json is wrong.</exception>
    public static async ValueTask<LakeWindows> LoadAsync(FlowLake lake, LakeSettings? settings = null, CancellationToken ct = default)
    {
        settings ??= new LakeSettings();
        var configuration = await settings.ConfigurationOfAsync(lake, ct);
        return new LakeWindows(lake, settings, configuration, await new InventoryStore(lake).LoadAsync(ct), await new BaselineStore(lake).LoadAsync(ct));
    }

    /// <summary>The tuples with since &lt;= time &lt; until (UTC; null = no bound), for the questions that every host asks. The caller disposes it.</summary>
    /// <exception cref="IOException">A file of the lake cannot be had.</exception>
    public async ValueTask<LakeWindow> WindowAsync(DateTime? since, DateTime? until, CancellationToken ct = default)
    {
        var database = await OpenAsync(since, until, null, ct);
        try
        {
            return new LakeWindow(this, database, await LookedAt.OfAsync(Lake, database, _snapshots, ct), _settings.Time.GetUtcNow().UtcDateTime);
        }
        catch
        {
            database.Dispose();
            throw;
        }
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
            Snapshots = _snapshots,
        };
        options = _settings.Engine?.Invoke(options) ?? options;
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
