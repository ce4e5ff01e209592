using System.Globalization;
using System.Text;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>Rows of a table with their validity; equal rows that touch become one, and the order is always the same.</summary>
internal sealed class RowCollector(TableShape shape)
{
    private readonly SortedDictionary<string, (object?[] Cells, List<(DateTime From, DateTime To)> Times)> _rows = new(StringComparer.Ordinal);

    public void Add((DateTime From, DateTime To) validity, params object?[] cells)
    {
        if (validity.From >= validity.To)
            return;

        if (cells.Length != shape.Columns.Count - 2)
            throw new InvalidOperationException($"The table {shape.Name} has {shape.Columns.Count - 2} columns before the validity, not {cells.Length}.");

        var key = Key(cells);
        if (!_rows.TryGetValue(key, out var row))
            _rows[key] = row = (cells, []);

        row.Times.Add(validity);
    }

    public InventoryTable ToTable()
    {
        var rows = new List<object?[]>();
        foreach (var (cells, times) in _rows.Values)
            foreach (var (from, to) in Merge(times))
                rows.Add([.. cells, from, to]);

        return new InventoryTable(shape, rows);
    }

    private static IEnumerable<(DateTime From, DateTime To)> Merge(List<(DateTime From, DateTime To)> times)
    {
        times.Sort();
        var current = times[0];
        foreach (var time in times.Skip(1))
            if (time.From <= current.To)
            {
                current.To = time.To > current.To ? time.To : current.To;
            }
            else
            {
                yield return current;
                current = time;
            }

        yield return current;
    }

    private static string Key(object?[] cells)
    {
        var key = new StringBuilder();
        foreach (var cell in cells)
            key.Append(cell is DateTime time ? time.ToString("O", CultureInfo.InvariantCulture) : cell switch
            {
                null => "\u0001",
                int number => number.ToString("D10", CultureInfo.InvariantCulture),
                _ => cell.ToString(),
            }).Append('\u0000');

        return key.ToString();
    }
}
