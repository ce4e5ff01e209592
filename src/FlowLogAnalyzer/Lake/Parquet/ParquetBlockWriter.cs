using System.Buffers;
using Parquet;
using Parquet.Schema;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>Writes blocks of columns as row groups of one Parquet file.</summary>
internal sealed class ParquetBlockWriter : IAsyncDisposable
{
    private readonly ParquetSchema _schema;
    private readonly ParquetWriter _writer;

    private ParquetBlockWriter(ParquetSchema schema, ParquetWriter writer) => (_schema, _writer) = (schema, writer);

    public static async ValueTask<ParquetBlockWriter> CreateAsync(Stream stream, IReadOnlyList<Column> columns, CompressionMethod compression, CancellationToken ct)
    {
        var schema = ParquetColumns.Schema(columns);
        return new ParquetBlockWriter(schema, await ParquetWriter.CreateAsync(schema, stream, ParquetColumns.Options(columns, compression), false, ct));
    }

    /// <summary>Writes the rows of <paramref name="block"/> as one row group.</summary>
    public async ValueTask WriteAsync(ColumnBlock block, CancellationToken ct)
    {
        using var group = _writer.CreateRowGroup();
        for (var c = 0; c < block.Columns.Count; c++)
        {
            var field = _schema.DataFields[c];
            var nullable = block.Columns[c].Nullable;
            await (block.Columns[c].Type switch
            {
                ColumnType.String => WriteTextAsync(group, field, block, c, ct),
                ColumnType.Long => WriteAsync(group, field, block.Longs(c).AsMemory(0, block.Count), nullable, ColumnBlock.NullLong, v => v, ct),
                ColumnType.Timestamp => WriteAsync(group, field, block.Longs(c).AsMemory(0, block.Count), nullable, ColumnBlock.NullLong, UnixTime.ToDateTime, ct),
                ColumnType.Integer => WriteAsync(group, field, block.Ints(c).AsMemory(0, block.Count), nullable, ColumnBlock.NullInt, v => v, ct),
                ColumnType.Short => WriteAsync(group, field, block.Ints(c).AsMemory(0, block.Count), nullable, ColumnBlock.NullInt, v => (short)v, ct),
                ColumnType.Boolean => WriteAsync(group, field, block.Ints(c).AsMemory(0, block.Count), nullable, ColumnBlock.NullInt, v => v != 0, ct),
                _ => WriteAsync(group, field, block.Ints(c).AsMemory(0, block.Count), nullable, ColumnBlock.NullInt, UnixTime.DayToDateTime, ct),
            });
        }

        group.CompleteValidate();
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static async Task WriteTextAsync(ParquetRowGroupWriter group, DataField field, ColumnBlock block, int column, CancellationToken ct)
    {
        var values = ArrayPool<ReadOnlyMemory<char>>.Shared.Rent(block.Count);
        var levels = ArrayPool<int>.Shared.Rent(block.Count);
        try
        {
            var texts = block.Texts(column);
            var count = 0;
            for (var i = 0; i < block.Count; i++)
            {
                levels[i] = texts[i] is null ? 0 : 1;
                if (texts[i] is { } text)
                    values[count++] = text.AsMemory();
            }

            await WritePartsAsync<ReadOnlyMemory<char>>(group, field, values.AsMemory(0, count), levels.AsMemory(0, block.Count), ct);
        }
        finally
        {
            ArrayPool<ReadOnlyMemory<char>>.Shared.Return(values, clearArray: true);
            ArrayPool<int>.Shared.Return(levels);
        }
    }

    private static async Task WriteAsync<TFrom, TTo>(
        ParquetRowGroupWriter group, DataField field, ReadOnlyMemory<TFrom> from, bool nullable, TFrom missing, Func<TFrom, TTo> convert, CancellationToken ct)
        where TFrom : struct, IEquatable<TFrom>
        where TTo : struct
    {
        var values = ArrayPool<TTo>.Shared.Rent(from.Length);
        var levels = ArrayPool<int>.Shared.Rent(from.Length);
        try
        {
            var count = Convert(from.Span, nullable, missing, convert, values, levels);
            await WritePartsAsync<TTo>(group, field, values.AsMemory(0, count), levels.AsMemory(0, from.Length), ct);
        }
        finally
        {
            ArrayPool<TTo>.Shared.Return(values);
            ArrayPool<int>.Shared.Return(levels);
        }
    }

    private static int Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, bool nullable, TFrom missing, Func<TFrom, TTo> convert, TTo[] values, int[] levels)
        where TFrom : struct, IEquatable<TFrom>
    {
        var count = 0;
        for (var i = 0; i < from.Length; i++)
        {
            var there = !nullable || !from[i].Equals(missing);
            levels[i] = there ? 1 : 0;
            if (there)
                values[count++] = convert(from[i]);
        }

        return count;
    }

    private static async Task WritePartsAsync<T>(ParquetRowGroupWriter group, DataField field, ReadOnlyMemory<T> values, ReadOnlyMemory<int> levels, CancellationToken ct)
        where T : struct
    {
        // Spelled out: "levels : null" would make an empty memory of the null, not a missing one.
        ReadOnlyMemory<int>? definition = field.IsNullable ? new ReadOnlyMemory<int>?(levels) : new ReadOnlyMemory<int>?();
        await group.WriteAllPartsAsync(field, values, definition, null, ct);
    }
}
