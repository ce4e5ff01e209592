using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Analysis;

/// <summary>
/// A lake with its inventory, to be opened for one window of time after the other. The inventory is read once; the
/// files of a remote lake are fetched when a window needs them.
/// </summary>
public sealed class LakeWindows
{
    private readonly FlowLake _lake;

    private LakeWindows(FlowLake lake, ClusterInventory inventory)
    {
        _lake = lake;
        Inventory = inventory;
    }

    public ClusterInventory Inventory { get; }

    /// <param name="lake">The lake.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="inventory">How the inventory is read; null = as usual.</param>
    public static async ValueTask<LakeWindows> LoadAsync(FlowLake lake, CancellationToken ct = default, InventoryOptions? inventory = null) =>
        new(lake, ClusterInventory.Build(await new InventoryStore(lake).LoadAsync(ct), inventory));

    /// <summary>A database over the tuples with since &lt;= time &lt; until (UTC; null = no bound). The caller disposes it.</summary>
    /// <param name="since">First instant.</param>
    /// <param name="until">The instant behind the last.</param>
    /// <param name="change">How the database is opened beyond that, such as its memory; null = as usual.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="IOException">A file of the lake cannot be had.</exception>
    public async ValueTask<LakeDatabase> OpenAsync(
        DateTime? since, DateTime? until, Func<LakeDatabaseOptions, LakeDatabaseOptions>? change = null, CancellationToken ct = default)
    {
        var files = await _lake.Tuples.GetLocalFilesAsync(since, until, ct);
        var options = new LakeDatabaseOptions
        {
            Files = [.. files.Select(f => f.LocalPath!)],
            Tables = Inventory.Tables,
            Resolve = address => Inventory.ResolveAll([address]).Rows,
            Since = since,
            Until = until,
        };
        return LakeDatabase.Open(change?.Invoke(options) ?? options, ct);
    }
}
