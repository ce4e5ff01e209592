using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.FileEncoding;

namespace FlowLogAnalyzer.Lake.Files;

/// <summary>The rows of one partition, in the order in which a file holds them.</summary>
internal sealed record PartitionRows(int Day, RowRef[] Rows);

/// <summary>Splits the rows of batches by date and sorts each part by time, NIC, blob, record and tuple.</summary>
internal static class TupleSort
{
    public static IReadOnlyList<PartitionRows> ByDate(IReadOnlyList<TupleBatch> batches)
    {
        var parts = new SortedDictionary<int, (List<long> Times, List<RowRef> Rows)>();
        for (var b = 0; b < batches.Count; b++)
            Collect(parts, batches[b], b);

        return [.. parts.Select(p => new PartitionRows(p.Key, Sort(batches, [.. p.Value.Times], [.. p.Value.Rows])))];
    }

    private static void Collect(SortedDictionary<int, (List<long> Times, List<RowRef> Rows)> parts, TupleBatch batch, int index)
    {
        var lastDay = int.MinValue;
        (List<long> Times, List<RowRef> Rows) part = default;
        for (var row = 0; row < batch.Count; row++)
        {
            batch.RecordOf(row, out var record);
            var time = UnixTime.Clamp(batch.TimeMs[row]);
            var day = EventDate.Of(time, record.TimeMs, batch.Blob.Hour);
            if (day != lastDay)
            {
                if (!parts.TryGetValue(day, out part))
                    parts.Add(day, part = ([], []));
                lastDay = day;
            }

            part.Times!.Add(time);
            part.Rows!.Add(new RowRef(index, row));
        }
    }

    private static RowRef[] Sort(IReadOnlyList<TupleBatch> batches, long[] times, RowRef[] rows)
    {
        Array.Sort(times, rows);
        var order = Comparer<RowRef>.Create((x, y) => Compare(batches, x, y));
        for (var start = 0; start < rows.Length;)
        {
            var end = start + 1;
            while (end < rows.Length && times[end] == times[start])
                end++;
            if (end - start > 1)
                Array.Sort(rows, start, end - start, order);
            start = end;
        }

        return rows;
    }

    private static int Compare(IReadOnlyList<TupleBatch> batches, RowRef x, RowRef y)
    {
        var (a, b) = (batches[x.Batch], batches[y.Batch]);
        var (groupA, groupB) = (a.RecordOf(x.Row, out var recordA), b.RecordOf(y.Row, out var recordB));
        var order = string.CompareOrdinal(TupleGather.Mac(a, groupA), TupleGather.Mac(b, groupB));
        if (order == 0 && !ReferenceEquals(a, b))
            order = string.CompareOrdinal(a.Blob.Key, b.Blob.Key);
        if (order == 0)
            order = recordA.Index.CompareTo(recordB.Index);
        return order != 0 ? order : a.TupleIndex[x.Row].CompareTo(b.TupleIndex[y.Row]);
    }
}
