namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>
/// What a data file says about one of its columns. <paramref name="Min"/> and <paramref name="Max"/> are exact; they are
/// null when every value is. Types: string, int (also for Short), long, DateTime (UTC) for timestamps.
/// </summary>
public sealed record ColumnStatistics(Column Column, long NullCount, object? Min, object? Max);

/// <summary>What was written: <paramref name="Columns"/> in the order of <see cref="FlowColumns"/> without the partition column.</summary>
public sealed record EncodedFile(long Rows, long Bytes, IReadOnlyList<ColumnStatistics> Columns);
