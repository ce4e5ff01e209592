using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake;

/// <summary>
/// A lake: the table <c>tuples</c> and small tables beside it, each a Delta table in a folder of its own, below one
/// location. Opening is cheap: logs are read when a table is asked for its content.
/// </summary>
public sealed class FlowLake
{
    private readonly LakeOptions _options;

    private FlowLake(ILakeStore store, LakeOptions options)
    {
        _options = options;
        Store = store;
        Tuples = new TupleTable(store, options);
    }

    /// <summary>A full path, or an address.</summary>
    public string Location => Store.Location;

    public ILakeStore Store { get; }

    public TupleTable Tuples { get; }

    /// <param name="location">A folder, or <c>https://ACCOUNT.blob.core.windows.net/CONTAINER[/PREFIX]</c>.</param>
    /// <param name="options">Null = the defaults.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="DirectoryNotFoundException">The lake must exist and does not.</exception>
    /// <exception cref="FormatException">The address is not one of Azure Blob Storage.</exception>
    /// <exception cref="StorageDeniedException">A right is missing.</exception>
    public static async ValueTask<FlowLake> OpenAsync(string location, LakeOptions? options = null, CancellationToken ct = default)
    {
        options ??= new LakeOptions();
        ILakeStore store = location.Contains("://", StringComparison.Ordinal) ? Remote(location, options) : new FolderLakeStore(location);
        var lake = new FlowLake(options.WrapStore?.Invoke(store) ?? store, options);
        if (options.MustExist && !await lake.ExistsAsync(ct))
            throw new DirectoryNotFoundException($"There is no lake in '{lake.Location}'. Make one with: flowlog ingest SOURCE --lake {location}");
        return lake;
    }

    /// <summary>A small table beside the tuples, such as <c>inventory</c>. It is created when something is written to it.</summary>
    public SmallTable Table(string name, IReadOnlyList<Column> columns) => new(Store, name, columns, _options);

    /// <summary>True when any table has a log.</summary>
    public async ValueTask<bool> ExistsAsync(CancellationToken ct = default)
    {
        if ((await Tuples.SnapshotAsync(ct)).Exists)
            return true;

        await foreach (var file in Store.ListAsync("", ct))
            if (file.Path.Contains("/_delta_log/", StringComparison.Ordinal))
                return true;
        return false;
    }

    private static AzureLakeStore Remote(string location, LakeOptions options) => new(
        StorageLocation.Parse(location), options.Access, new LakeFileCache(options.CacheFolder ?? LakeFileCache.DefaultFolder, options.CacheBytes, options.Time));
}
