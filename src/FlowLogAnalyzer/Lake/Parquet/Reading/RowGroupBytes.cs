using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>The bytes of a row group, by column.</summary>
internal sealed class RowGroupBytes : IDisposable
{
    private readonly ChunkReader _reader = new();
    private RowGroupLayout _layout = new(0, 0, 0, []);
    private ReadOnlyMemory<byte> _bytes;

    public int Rows => _layout.Rows;

    /// <summary>What was read last, for who reports damage.</summary>
    public string Place => _reader.Column is not { } column ? "its rows"
        : _reader.Page == 0 ? $"column '{column.Name}', dictionary" : $"column '{column.Name}', page {_reader.Page}";

    /// <summary>Takes another row group.</summary>
    public void Open(RowGroupLayout layout, ReadOnlyMemory<byte> bytes)
    {
        (_layout, _bytes) = (layout, bytes);
        _reader.Leave();
    }

    public void Read(FileColumn column, IPageSink sink)
    {
        var chunk = _layout.Chunks[column.Index];
        _reader.Read(chunk, Bytes(chunk, chunk.Start), Rows, sink);
    }

    /// <summary>Reads of a column with a dictionary nothing but that.</summary>
    public void ReadDictionary(FileColumn column, IPageSink sink)
    {
        var chunk = _layout.Chunks[column.Index];
        _reader.ReadDictionary(chunk, Bytes(chunk, chunk.Start), sink);
    }

    /// <summary>True when both columns have a dictionary and, byte for byte, the same pages of indices into it.</summary>
    public bool HaveSamePages(FileColumn a, FileColumn b)
    {
        var (x, y) = (_layout.Chunks[a.Index], _layout.Chunks[b.Index]);
        return x.HasDictionary && y.HasDictionary && x.Compression == y.Compression && x.Nulls == y.Nulls && Bytes(x, x.DataStart).SequenceEqual(Bytes(y, y.DataStart));
    }

    public void Dispose() => _reader.Dispose();

    private ReadOnlySpan<byte> Bytes(ChunkLayout chunk, long from) =>
        _bytes.Span.Slice((int)(from - _layout.Start), (int)(chunk.Start + chunk.Length - from));
}
