using Parquet;
using Parquet.Schema;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>How the lake's columns lie in a Parquet file, and the settings that make such files right and quick.</summary>
internal static class ParquetColumns
{
    public static ParquetSchema Schema(IReadOnlyList<Column> columns) => new(columns.Select(Field));

    public static ParquetOptions Options(IReadOnlyList<Column> columns, CompressionMethod compression)
    {
        // The library's default level is the slowest one, which for zstd means a hundred times slower.
        var options = new ParquetOptions { CompressionMethod = compression, CompressionLevel = System.IO.Compression.CompressionLevel.Fastest };
        foreach (var column in columns.Where(c => c.Type == ColumnType.String))
            options.ColumnEncodingHints[column.Name] = EncodingHint.Dictionary;
        return options;
    }

    /// <summary>
    /// Timestamps are UTC milliseconds: Parquet.Net 6.1.0 writes wrong minima and maxima for microseconds, and engines
    /// then skip row groups that hold the answer. DuckDB and ClickHouse read milliseconds as the same instants and skip
    /// rightly; a test holds both to that.
    /// </summary>
    private static DataField Field(Column c) => c.Type switch
    {
        ColumnType.String => new DataField<string>(c.Name, c.Nullable),
        ColumnType.Long => new DataField<long>(c.Name, c.Nullable),
        ColumnType.Integer => new DataField<int>(c.Name, c.Nullable),
        ColumnType.Short => new DataField<short>(c.Name, c.Nullable),
        ColumnType.Boolean => new DataField<bool>(c.Name, c.Nullable),
        ColumnType.Date => new DateTimeDataField(c.Name, DateTimeFormat.Date, isNullable: c.Nullable),
        ColumnType.Timestamp => new DateTimeDataField(c.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Millis, isNullable: c.Nullable),
        _ => throw new ArgumentOutOfRangeException(nameof(c), c.Type, "no such column type"),
    };
}
