using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake;

/// <summary>Rows of a batch as the lake would hold them, cell by cell: for output, not for bulk.</summary>
public static class TupleRows
{
    /// <summary>The columns of <see cref="FlowColumns.All"/> without the partition, which a row has only in the lake.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. TupleFileWriter.DataColumns.Select(c => c.Name)];

    /// <summary>Cells in the order of <see cref="Columns"/>: text, numbers, <see cref="DateTime"/> in UTC, or null.</summary>
    public static IEnumerable<object?[]> Of(TupleBatch batch)
    {
        var rows = new RowRef[batch.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new RowRef(0, i);

        var block = new ColumnBlock(TupleFileWriter.DataColumns, Math.Max(1, rows.Length));
        TupleGather.Fill(block, [batch], rows);
        return BlockRows.Read(block);
    }
}
