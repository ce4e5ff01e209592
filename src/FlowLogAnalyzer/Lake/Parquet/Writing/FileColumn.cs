namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>A column of the lake as a column of a data file.</summary>
internal sealed class FileColumn(Column column, int index)
{
    /// <summary>The columns of a data file: all but the partition column, which Delta keeps in the log.</summary>
    public static IReadOnlyList<FileColumn> All { get; } =
        [.. FlowColumns.All.Where(c => c.Name != FlowColumns.Partition).Select((c, i) => new FileColumn(c, i))];

    public Column Column => column;

    public int Index => index;

    public string Name => column.Name;

    public bool Nullable => column.Nullable;

    public PhysicalType Physical { get; } = column.Type switch
    {
        ColumnType.String => PhysicalType.ByteArray,
        ColumnType.Short or ColumnType.Integer => PhysicalType.Int32,
        ColumnType.Long or ColumnType.Timestamp => PhysicalType.Int64,
        _ => throw new NotSupportedException($"Column {column.Name} has type {column.Type}, which the encoder of data files does not know."),
    };

    public static FileColumn Named(string name)
        => All.FirstOrDefault(c => c.Name == name) ?? throw new ArgumentException($"The lake has no column {name}.", nameof(name));
}
