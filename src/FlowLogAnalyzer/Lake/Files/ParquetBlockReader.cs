using System.Buffers;
using Parquet;
using Parquet.Schema;

namespace FlowLogAnalyzer.Lake.Files;

/// <summary>Reads the row groups of the lake's own files into blocks. A column that the file lacks is null in every row.</summary>
internal sealed class ParquetBlockReader : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly ParquetReader _reader;
    private readonly IReadOnlyList<Column> _columns;

    /// <summary>Equal texts of one file share one string, whatever the decoder makes of them.</summary>
    private readonly Dictionary<string, string> _pool = new(StringComparer.Ordinal);

    private ParquetBlockReader(Stream stream, ParquetReader reader, IReadOnlyList<Column> columns) => (_stream, _reader, _columns) = (stream, reader, columns);

    public int GroupCount => _reader.RowGroupCount;

    public static async ValueTask<ParquetBlockReader> OpenAsync(Stream stream, IReadOnlyList<Column> columns, CancellationToken ct) =>
        new(stream, await ParquetReader.CreateAsync(stream, null, leaveStreamOpen: false, ct), columns);

    public async ValueTask<ColumnBlock> ReadAsync(int index, CancellationToken ct)
    {
        using var group = _reader.OpenRowGroupReader(index);
        var block = new ColumnBlock(_columns, (int)group.RowCount) { Count = (int)group.RowCount };
        for (var c = 0; c < _columns.Count; c++)
        {
            var field = _reader.Schema.DataFields.FirstOrDefault(f => f.Name == _columns[c].Name);
            if (field is null)
                FillMissing(block, c);
            else
                await ReadColumnAsync(group, field, block, c, ct);
        }

        return block;
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _stream.DisposeAsync();
    }

    private Task ReadColumnAsync(ParquetRowGroupReader group, DataField field, ColumnBlock block, int column, CancellationToken ct) => block.Columns[column].Type switch
    {
        ColumnType.String => ReadTextAsync(group, field, block.Texts(column), ct),
        ColumnType.Long => ReadAsync<long, long>(group, field, block.Longs(column), ColumnBlock.NullLong, v => v, ct),
        ColumnType.Timestamp => ReadAsync<DateTime, long>(group, field, block.Longs(column), ColumnBlock.NullLong, UnixTime.ToMs, ct),
        ColumnType.Integer => ReadAsync<int, int>(group, field, block.Ints(column), ColumnBlock.NullInt, v => v, ct),
        ColumnType.Short => ReadAsync<short, int>(group, field, block.Ints(column), ColumnBlock.NullInt, v => v, ct),
        ColumnType.Boolean => ReadAsync<bool, int>(group, field, block.Ints(column), ColumnBlock.NullInt, v => v ? 1 : 0, ct),
        _ => ReadAsync<DateTime, int>(group, field, block.Ints(column), ColumnBlock.NullInt, v => UnixTime.ToDay(UnixTime.ToMs(v)), ct),
    };

    private async Task ReadTextAsync(ParquetRowGroupReader group, DataField field, string?[] to, CancellationToken ct)
    {
        await group.ReadAsync(field, to.AsMemory()!, null, ct);
        for (var i = 0; i < to.Length; i++)
        {
            if (to[i] is not { } text)
                continue;
            if (i > 0 && to[i - 1] is { } previous && previous.Equals(text, StringComparison.Ordinal))
                to[i] = previous;
            else if (_pool.TryGetValue(text, out var shared))
                to[i] = shared;
            else
                _pool.Add(text, text);
        }
    }

    private static async Task ReadAsync<TFrom, TTo>(ParquetRowGroupReader group, DataField field, TTo[] to, TTo missing, Func<TFrom, TTo> convert, CancellationToken ct)
        where TFrom : struct
    {
        if (!field.IsNullable)
        {
            var plain = ArrayPool<TFrom>.Shared.Rent(to.Length);
            await group.ReadAsync(field, plain.AsMemory(0, to.Length), null, ct);
            for (var i = 0; i < to.Length; i++)
                to[i] = convert(plain[i]);
            ArrayPool<TFrom>.Shared.Return(plain);
            return;
        }

        var nullable = ArrayPool<TFrom?>.Shared.Rent(to.Length);
        await group.ReadAsync(field, nullable.AsMemory(0, to.Length), null, ct);
        for (var i = 0; i < to.Length; i++)
            to[i] = nullable[i] is { } value ? convert(value) : missing;
        ArrayPool<TFrom?>.Shared.Return(nullable);
    }

    private static void FillMissing(ColumnBlock block, int column)
    {
        switch (block.Columns[column].Type)
        {
            case ColumnType.String:
                break;
            case ColumnType.Long or ColumnType.Timestamp:
                Array.Fill(block.Longs(column), ColumnBlock.NullLong);
                break;
            default:
                Array.Fill(block.Ints(column), ColumnBlock.NullInt);
                break;
        }
    }
}
