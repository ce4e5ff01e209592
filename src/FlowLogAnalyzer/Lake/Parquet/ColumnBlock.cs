namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>
/// Rows as one array per column: <c>string?[]</c> for text, <c>long[]</c> for Long and Timestamp (Unix milliseconds),
/// <c>int[]</c> for Short, Integer, Date (days since 1970) and Boolean (0 or 1). Null is a reserved number.
/// </summary>
internal sealed class ColumnBlock
{
    public const long NullLong = long.MinValue;
    public const int NullInt = int.MinValue;

    private readonly Array[] _arrays;

    public ColumnBlock(IReadOnlyList<Column> columns, int capacity)
    {
        Columns = columns;
        Capacity = capacity;
        _arrays = [.. columns.Select(c => Create(c.Type, capacity))];
    }

    public IReadOnlyList<Column> Columns { get; }

    public int Capacity { get; }

    public int Count { get; set; }

    public string?[] Texts(int column) => (string?[])_arrays[column];

    public long[] Longs(int column) => (long[])_arrays[column];

    public int[] Ints(int column) => (int[])_arrays[column];

    /// <summary>Copies rows of <paramref name="source"/> to the end of this block, in the order of <paramref name="rows"/>.</summary>
    public void Append(ColumnBlock source, ReadOnlySpan<int> rows)
    {
        for (var c = 0; c < _arrays.Length; c++)
        {
            switch (_arrays[c])
            {
                case string?[] to:
                    Gather(source.Texts(c), rows, to.AsSpan(Count));
                    break;
                case long[] to:
                    Gather(source.Longs(c), rows, to.AsSpan(Count));
                    break;
                case int[] to:
                    Gather(source.Ints(c), rows, to.AsSpan(Count));
                    break;
            }
        }

        Count += rows.Length;
    }

    private static void Gather<T>(T[] from, ReadOnlySpan<int> rows, Span<T> to)
    {
        for (var i = 0; i < rows.Length; i++)
            to[i] = from[rows[i]];
    }

    private static Array Create(ColumnType type, int capacity) => type switch
    {
        ColumnType.String => new string?[capacity],
        ColumnType.Long or ColumnType.Timestamp => new long[capacity],
        _ => new int[capacity],
    };
}
