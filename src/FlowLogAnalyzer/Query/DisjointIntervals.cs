using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Query;

/// <summary>
/// Makes the validity intervals of rows with one key disjoint: where two overlap, the later start wins from its start on.
/// A column <c>certain</c>, if there is one, becomes false on both, so that findings can say so.
/// </summary>
internal static class DisjointIntervals
{
    public static IReadOnlyList<object?[]> Of(TableShape shape, string[] key, IEnumerable<object?[]> rows, out int overlapping)
    {
        var columns = shape.Columns.Select(c => c.Name).ToList();
        var keyAt = key.Select(name => columns.IndexOf(name)).ToArray();
        var (from, to, certain) = (columns.IndexOf("valid_from"), columns.IndexOf("valid_to"), columns.IndexOf("certain"));
        overlapping = 0;

        var result = new List<object?[]>();
        foreach (var owners in rows.GroupBy(row => string.Join('|', keyAt.Select(i => row[i])), StringComparer.Ordinal))
        {
            object?[]? previous = null;
            foreach (var row in owners.OrderBy(row => (DateTime)row[from]!).ThenBy(row => (DateTime)row[to]!).Select(row => (object?[])row.Clone()))
            {
                if (previous is not null && (DateTime)previous[to]! > (DateTime)row[from]!)
                {
                    overlapping++;
                    if (certain >= 0)
                        previous[certain] = row[certain] = false;
                    previous[to] = row[from];
                }

                result.Add(row);
                previous = row;
            }
        }

        result.RemoveAll(row => (DateTime)row[from]! >= (DateTime)row[to]!);
        return result;
    }
}
