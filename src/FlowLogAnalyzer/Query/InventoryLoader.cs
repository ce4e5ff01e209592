using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query.Engines;

namespace FlowLogAnalyzer.Query;

/// <summary>Hands small tables to the engine, with one owner per key and time.</summary>
internal static class InventoryLoader
{
    /// <summary>What a flow is joined by: for one key, at one time, there must be one row, or a join would count flows twice.</summary>
    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        [InventorySchema.Nics.Name] = ["mac"],
        [InventorySchema.Addresses.Name] = ["ip"],
        [InventorySchema.Frontends.Name] = ["ip", "port", "protocol"],
    };

    /// <summary>Fills a table; returns how many rows had to be cut because they overlapped another of the same key.</summary>
    public static int Append(IQueryEngine engine, TableShape shape, IEnumerable<object?[]> rows)
    {
        var overlapping = 0;
        if (Keys.TryGetValue(shape.Name, out var key))
            rows = DisjointIntervals.Of(shape, key, rows, out overlapping);

        engine.Append(shape, rows.Select(row => Checked(shape, row)));
        return overlapping;
    }

    private static object?[] Checked(TableShape shape, object?[] cells) =>
        cells.Length == shape.Columns.Count
            ? cells
            : throw new ArgumentException($"A row of the inventory table {shape.Name} has {cells.Length} cells, expected {shape.Columns.Count}.", nameof(cells));
}
