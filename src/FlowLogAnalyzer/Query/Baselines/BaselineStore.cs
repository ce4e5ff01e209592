using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Query.Baselines;

/// <summary>
/// Keeps <see cref="BaselineTable"/> in the lake. Days are merged, not added up: the earliest first and latest last contact
/// and the larger counts stay, so the same hours may be checked again, in any order and in parts, without harm.
/// </summary>
public sealed class BaselineStore(FlowLake lake)
{
    /// <summary>How far back the table reaches.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(35);

    private readonly SmallTable _table = lake.Table(BaselineTable.Name, BaselineTable.Columns);

    public async ValueTask<InventoryTable> LoadAsync(CancellationToken ct = default) => new(BaselineTable.Shape, await _table.ReadAllAsync(ct));

    /// <summary>Adds what the database's window holds. Returns the number of rows that are new or changed.</summary>
    public async ValueTask<int> UpdateAsync(LakeDatabase database, CancellationToken ct = default)
    {
        var known = (await _table.ReadAllAsync(ct)).ToDictionary(Key, row => row);
        var changed = 0;
        using (var rows = database.Read($"select {string.Join(", ", BaselineTable.Columns.Select(c => c.Name))} from edge_days", null))
        {
            foreach (var cells in rows.Read())
            {
                ct.ThrowIfCancellationRequested();
                var row = Typed(cells);
                var merged = known.TryGetValue(Key(row), out var before) ? Merge(before, row) : row;
                if (before is not null && merged.SequenceEqual(before))
                    continue;

                known[Key(row)] = merged;
                changed++;
            }
        }

        if (changed > 0)
            await _table.ReplaceAsync(Recent(known.Values), ct);
        return changed;
    }

    private static List<object?[]> Recent(IReadOnlyCollection<object?[]> rows)
    {
        var oldest = rows.Max(row => (DateTime)row[0]!) - Kept;
        return [.. rows.Where(row => (DateTime)row[0]! >= oldest).OrderBy(row => (DateTime)row[0]!).ThenBy(row => (string)row[1]!, StringComparer.Ordinal)
            .ThenBy(row => (string)row[2]!, StringComparer.Ordinal).ThenBy(row => (int)row[3]!).ThenBy(row => (int?)row[4])];
    }

    private static (DateTime, string, string, int, int?) Key(object?[] row) => ((DateTime)row[0]!, (string)row[1]!, (string)row[2]!, (int)row[3]!, (int?)row[4]);

    /// <summary>The engine's whole numbers are long; the table's ports are not.</summary>
    private static object?[] Typed(object?[] cells) =>
        [cells[0], cells[1], cells[2], (int)(long)cells[3]!, (int?)(long?)cells[4], cells[5], cells[6], cells[7], cells[8], cells[9]];

    private static object?[] Merge(object?[] a, object?[] b) =>
    [
        a[0], a[1], a[2], a[3], a[4],
        (DateTime)a[5]! <= (DateTime)b[5]! ? a[5] : b[5],
        (DateTime)a[6]! >= (DateTime)b[6]! ? a[6] : b[6],
        Math.Max((long)a[7]!, (long)b[7]!), Math.Max((long)a[8]!, (long)b[8]!), Math.Max((long)a[9]!, (long)b[9]!),
    ];
}
