using System.Buffers;
using Parquet;
using Parquet.Schema;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>Reads the row groups of the lake's own files into blocks. A column that the file lacks is null in every row.</summary>
internal sealed class ParquetBlockReader : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly string _name;
    private readonly ParquetReader _reader;
    private readonly IReadOnlyList<Column> _columns;

    /// <summary>Equal texts of one file share one string, whatever the decoder makes of them.</summary>
    private readonly Dictionary<string, string> _pool = new(StringComparer.Ordinal);

    private ParquetBlockReader((Stream Stream, string Name) file, ParquetReader reader, IReadOnlyList<Column> columns) =>
        ((_stream, _name), _reader, _columns) = (file, reader, columns);

    public int GroupCount => _reader.RowGroupCount;

    /// <param name="file">The whole file, which the reader owns from now on, and its name, for messages.</param>
    /// <param name="columns">Which ones.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or no Parquet file.</exception>
    public static async ValueTask<ParquetBlockReader> OpenAsync((Stream Stream, string Name) file, IReadOnlyList<Column> columns, CancellationToken ct)
    {
        try
        {
            return new(file, await ParquetReader.CreateAsync(file.Stream, null, leaveStreamOpen: false, ct), columns);
        }
        catch (Exception e)
        {
            await file.Stream.DisposeAsync();
            if (IsDamage(e))
                throw Damaged(file.Name, e);
            throw;
        }
    }

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public async ValueTask<ColumnBlock> ReadAsync(int index, CancellationToken ct)
    {
        try
        {
            return await ReadGroupAsync(index, ct);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(_name, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _stream.DisposeAsync();
    }

    /// <summary>On bytes that make no sense Parquet.Net (6.1.0) ends in exceptions of any kind, indices out of range and null references among them.</summary>
    private static bool IsDamage(Exception e) => e is not OperationCanceledException;

    private static InvalidDataException Damaged(string name, Exception e) => e is NotSupportedException
        ? new($"The file '{name}' is in a form that flowlog cannot write anew ({e.Message.TrimEnd('.')}), though queries read it. Let the engine that wrote it do so in another form.", e)
        : new($"The file '{name}' is damaged, or no Parquet file that a lake can have: {e.Message.TrimEnd('.')}. Put back a copy of it.", e);

    private async Task<ColumnBlock> ReadGroupAsync(int index, CancellationToken ct)
    {
        using var group = _reader.OpenRowGroupReader(index);
        var rows = checked((int)group.RowCount);
        var block = new ColumnBlock(_columns, rows) { Count = rows };
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
