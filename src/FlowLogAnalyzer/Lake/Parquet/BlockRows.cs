using System.Globalization;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>Rows of cells to and from blocks, for tables small enough to be handled row by row.</summary>
internal static class BlockRows
{
    public static ColumnBlock Write(IReadOnlyList<Column> columns, IReadOnlyList<object?[]> rows)
    {
        var block = new ColumnBlock(columns, rows.Count) { Count = rows.Count };
        for (var row = 0; row < rows.Count; row++)
        {
            if (rows[row].Length != columns.Count)
                throw new ArgumentException($"Row {row} has {rows[row].Length} cells, the table has {columns.Count} columns.", nameof(rows));
            for (var c = 0; c < columns.Count; c++)
                Set(block, c, row, rows[row][c]);
        }

        return block;
    }

    public static IEnumerable<object?[]> Read(ColumnBlock block)
    {
        for (var row = 0; row < block.Count; row++)
        {
            var cells = new object?[block.Columns.Count];
            for (var c = 0; c < cells.Length; c++)
                cells[c] = Get(block, c, row);
            yield return cells;
        }
    }

    private static void Set(ColumnBlock block, int column, int row, object? cell)
    {
        var definition = block.Columns[column];
        if (cell is null && !definition.Nullable)
            throw new ArgumentException($"Row {row}: the column '{definition.Name}' cannot be null.", nameof(cell));

        switch (definition.Type)
        {
            case ColumnType.String:
                block.Texts(column)[row] = (string?)cell;
                break;
            case ColumnType.Long:
                block.Longs(column)[row] = cell is null ? ColumnBlock.NullLong : Convert.ToInt64(cell, CultureInfo.InvariantCulture);
                break;
            case ColumnType.Timestamp:
                block.Longs(column)[row] = cell is null ? ColumnBlock.NullLong : UnixTime.ToMs(Utc(cell));
                break;
            case ColumnType.Date:
                block.Ints(column)[row] = cell is null ? ColumnBlock.NullInt : ((DateOnly)cell).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
                break;
            default:
                block.Ints(column)[row] = cell is null ? ColumnBlock.NullInt : Convert.ToInt32(cell, CultureInfo.InvariantCulture);
                break;
        }
    }

    private static object? Get(ColumnBlock block, int column, int row)
    {
        var type = block.Columns[column].Type;
        if (type == ColumnType.String)
            return block.Texts(column)[row];

        if (type is ColumnType.Long or ColumnType.Timestamp)
            return block.Longs(column)[row] switch
            {
                ColumnBlock.NullLong => null,
                var ms when type == ColumnType.Timestamp => UnixTime.ToDateTime(ms),
                var value => value,
            };

        return (type, block.Ints(column)[row]) switch
        {
            (_, ColumnBlock.NullInt) => null,
            (ColumnType.Short, var value) => (object)(short)value,
            (ColumnType.Boolean, var value) => value != 0,
            (ColumnType.Date, var value) => DateOnly.FromDateTime(UnixTime.DayToDateTime(value)),
            (_, var value) => value,
        };
    }

    private static DateTime Utc(object cell) => cell switch
    {
        DateTimeOffset offset => offset.UtcDateTime,
        DateTime { Kind: DateTimeKind.Local } local => local.ToUniversalTime(),
        DateTime time => time,
        _ => throw new ArgumentException($"A timestamp was expected, not {cell.GetType().Name}.", nameof(cell)),
    };
}
