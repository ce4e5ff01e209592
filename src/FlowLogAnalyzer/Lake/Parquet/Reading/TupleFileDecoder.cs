using System.Buffers.Binary;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>
/// Reads data files that <see cref="FlowFileEncoder"/> wrote. Everything is checked that can be: a file that was changed by
/// a broken disk gives an error that names the place, never another row. Keeps its buffers; one file at a time.
/// </summary>
internal sealed class TupleFileDecoder : IDisposable
{
    /// <summary>Length of the footer and the magic number.</summary>
    private const int TailBytes = 8;

    /// <summary>Most footers, and whole small files, are in the first piece that is read from the end.</summary>
    private const int EndBytes = 64 * 1024;

    private readonly RowGroupDecoder _decoder = new();
    private byte[] _bytes = [];

    /// <summary>The row groups of the file, or null when another program wrote it.</summary>
    /// <param name="stream">The whole file.</param>
    /// <param name="name">Of the file, for messages.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public async ValueTask<IReadOnlyList<RowGroupLayout>?> OpenAsync(Stream stream, string name, CancellationToken ct)
    {
        try
        {
            DamageException.Unless(stream.Length >= FooterWriter.Magic.Length + TailBytes, "it is too short");
            var end = await ReadAsync(stream, Math.Max(0, stream.Length - EndBytes), (int)Math.Min(EndBytes, stream.Length), ct);
            var length = FooterLength(end.Span);
            DamageException.Unless(length >= 0 && length <= stream.Length - FooterWriter.Magic.Length - TailBytes, $"a footer of {length} bytes does not fit");
            var start = stream.Length - TailBytes - length;
            var footer = length <= end.Length - TailBytes ? end[^(length + TailBytes)..^TailBytes] : await ReadAsync(stream, start, length, ct);
            return FooterReader.IsOurs(footer.Span) ? FooterReader.Read(footer.Span, start) : null;
        }
        catch (DamageException e)
        {
            throw Damaged(name, "the footer", e);
        }
    }

    /// <summary>The rows of one of the row groups, in the order of the file.</summary>
    /// <param name="file">The whole file and its name.</param>
    /// <param name="groups">What <see cref="OpenAsync"/> returned.</param>
    /// <param name="index">Which one.</param>
    /// <param name="pool">Gives the batch.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidDataException">The row group is damaged.</exception>
    public async ValueTask<TupleBatch> ReadAsync((Stream Stream, string Name) file, IReadOnlyList<RowGroupLayout> groups, int index, TupleBatchPool pool, CancellationToken ct)
    {
        var bytes = await ReadAsync(file.Stream, groups[index].Start, groups[index].Length, ct);
        try
        {
            return _decoder.Decode(groups[index], bytes, pool);
        }
        catch (Exception e) when (e is DamageException or InvalidDataException)
        {
            throw Damaged(file.Name, $"row group {index}, {_decoder.Place}", e);
        }
    }

    /// <summary>Place and kind of the first damage that the footer or a page's checksum shows; null for none, and for a file of another writer.</summary>
    public async ValueTask<string?> FindDamageAsync(Stream stream, CancellationToken ct)
    {
        try
        {
            if (await OpenAsync(stream, "", ct) is not { } groups)
                return null;
            for (var i = 0; i < groups.Count; i++)
                if (PageDamage(groups[i], (await ReadAsync(stream, groups[i].Start, groups[i].Length, ct)).Span) is { } damage)
                    return $"row group {i}, {damage}";
            return null;
        }
        catch (InvalidDataException e)
        {
            return $"the footer: {e.InnerException?.Message ?? e.Message}";
        }
    }

    public void Dispose() => _decoder.Dispose();

    private static string? PageDamage(RowGroupLayout group, ReadOnlySpan<byte> bytes)
    {
        foreach (var chunk in group.Chunks)
        {
            var pages = bytes.Slice((int)(chunk.Start - group.Start), chunk.Length);
            for (var page = chunk.HasDictionary ? 0 : 1; !pages.IsEmpty; page++)
            {
                try
                {
                    PageHeader.Take(ref pages, out _);
                }
                catch (DamageException e)
                {
                    return $"column '{chunk.Column.Name}', {(page == 0 ? "dictionary" : $"page {page}")}: {e.Message}";
                }
            }
        }

        return null;
    }

    private static InvalidDataException Damaged(string name, string place, Exception damage) => new(
        $"The data file '{name}' is damaged: {place}: {damage.Message.TrimEnd('.')}. Nothing was written. `flowlog lake repair` has its rows read again.", damage);

    private static int FooterLength(ReadOnlySpan<byte> end)
    {
        DamageException.Unless(end.EndsWith(FooterWriter.Magic), "the file does not end as Parquet files do");
        return BinaryPrimitives.ReadInt32LittleEndian(end[^TailBytes..]);
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Stream stream, long start, int length, CancellationToken ct)
    {
        if (_bytes.Length < length)
            _bytes = new byte[Math.Max(length, Math.Min(Array.MaxLength, _bytes.Length * 2L))];
        stream.Position = start;
        await stream.ReadExactlyAsync(_bytes.AsMemory(0, length), ct);
        return _bytes.AsMemory(0, length);
    }
}
