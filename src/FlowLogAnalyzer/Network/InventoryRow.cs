using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Network;

/// <summary>A row of an inventory table, by column name.</summary>
internal readonly struct InventoryRow(TableShape shape, object?[] cells)
{
    public DateTime From => (DateTime)cells[^2]!;

    public DateTime To => (DateTime)cells[^1]!;

    public string? Text(string column) => Cell(column) as string;

    public int? Number(string column) => Cell(column) as int?;

    public bool Flag(string column) => Cell(column) is true;

    /// <summary>A list that the table keeps as text with commas.</summary>
    public IReadOnlyList<string> Texts(string column) =>
        (Text(column) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private object? Cell(string column)
    {
        for (var i = 0; i < shape.Columns.Count; i++)
        {
            if (shape.Columns[i].Name == column)
                return cells[i];
        }

        throw new ArgumentException($"The table {shape.Name} has no column {column}.", nameof(column));
    }
}

internal static class InventoryRows
{
    /// <summary>The rows of a table that hold at some time of [from, to), UTC; the later ones last.</summary>
    public static IReadOnlyList<InventoryRow> During(this ClusterInventory inventory, TableShape shape, DateTime from, DateTime to) =>
    [
        .. inventory.Tables.Where(t => t.Shape == shape).SelectMany(t => t.Rows).Select(cells => new InventoryRow(shape, cells))
            .Where(r => r.From < to && from < r.To).OrderBy(r => r.From),
    ];

    /// <summary>The rows that hold at one time, UTC.</summary>
    public static IReadOnlyList<InventoryRow> At(this ClusterInventory inventory, TableShape shape, DateTime time) =>
        inventory.During(shape, time, time.AddTicks(1));
}
