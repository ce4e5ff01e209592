using System.IO.Hashing;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>
/// Turns page bodies into pages: header (parquet.thrift, <c>PageHeader</c>, data pages of version 1) with a checksum, and
/// compressed body. Whoever rewrites the file reads rows back by it: without one, a bit that flips would be copied for ever.
/// </summary>
internal sealed class PageWriter : IDisposable
{
    /// <summary>A sixteenth of the page has to go.</summary>
    private const int LeastGain = 16;

    private readonly FileCompression _codec;
    private readonly PageCompressor _compressor;
    private readonly ByteBuffer _compressed = new();
    private readonly ThriftCompactWriter _thrift = new();

    public PageWriter(FileCompression codec) => (_codec, Compression, _compressor) = (codec, codec, new PageCompressor(codec));

    /// <summary>How the pages of the chunk at hand are compressed.</summary>
    public FileCompression Compression { get; private set; }

    public void BeginChunk() => Compression = _codec;

    /// <summary>Asks the first page of a chunk whether compression pays: what hardly shrinks is stored as it is, and read faster for it.</summary>
    public void Judge(ReadOnlySpan<byte> body)
    {
        _compressed.Clear();
        if (_compressor.Compress(body, _codec, _compressed) > body.Length - (body.Length / LeastGain))
            Compression = FileCompression.None;
    }

    /// <summary>Appends a data page; returns its size with the header and before compression.</summary>
    public int WriteData(ByteBuffer output, ReadOnlySpan<byte> body, int rows, ParquetEncoding encoding)
    {
        var start = BeginHeader(output, body, PageType.Data);
        _thrift.BeginStruct(5);
        _thrift.Int32(1, rows);
        _thrift.Int32(2, (int)encoding);
        _thrift.Int32(3, (int)ParquetEncoding.Rle);
        _thrift.Int32(4, (int)ParquetEncoding.Rle);
        _thrift.EndStruct();
        return Finish(output, start) + body.Length;
    }

    public int WriteDictionary(ByteBuffer output, ReadOnlySpan<byte> body, int entries)
    {
        var start = BeginHeader(output, body, PageType.Dictionary);
        _thrift.BeginStruct(7);
        _thrift.Int32(1, entries);
        _thrift.Int32(2, (int)ParquetEncoding.Plain);
        _thrift.EndStruct();
        return Finish(output, start) + body.Length;
    }

    public void Dispose() => _compressor.Dispose();

    /// <summary>Returns where the page begins.</summary>
    private int BeginHeader(ByteBuffer output, ReadOnlySpan<byte> body, PageType type)
    {
        _compressed.Clear();
        var size = _compressor.Compress(body, Compression, _compressed);
        var start = output.Length;
        _thrift.Begin(output);
        _thrift.BeginStruct();
        _thrift.Int32(1, (int)type);
        _thrift.Int32(2, body.Length);
        _thrift.Int32(3, size);
        _thrift.Int32(4, (int)Crc32.HashToUInt32(_compressed.Written));
        return start;
    }

    /// <summary>Returns the size of the header.</summary>
    private int Finish(ByteBuffer output, int start)
    {
        _thrift.EndStruct();
        var header = output.Length - start;
        output.Write(_compressed.Written);
        return header;
    }
}
