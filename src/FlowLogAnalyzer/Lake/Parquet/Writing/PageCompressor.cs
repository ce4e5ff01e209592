using Snappier;
using ZstdSharp;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Compresses one page at a time; the native-free codecs and their tables are kept between pages.</summary>
internal sealed class PageCompressor(FileCompression codec) : IDisposable
{
    private const int ZstdLevel = 1;
    private readonly Compressor? _zstd = codec == FileCompression.Zstd ? new Compressor(ZstdLevel) : null;

    /// <summary>Appends the page, compressed or as it is, and returns its size.</summary>
    /// <param name="page">The page's body.</param>
    /// <param name="with">None, or the codec of this compressor.</param>
    /// <param name="output">Where it goes.</param>
    public int Compress(ReadOnlySpan<byte> page, FileCompression with, ByteBuffer output)
    {
        var size = with switch
        {
            FileCompression.None => Copy(page, output),
            FileCompression.Snappy => Snappy.Compress(page, output.Reserve(Snappy.GetMaxCompressedLength(page.Length))),
            FileCompression.Zstd => _zstd!.Wrap(page, output.Reserve(Compressor.GetCompressBound(page.Length))),
            _ => throw new ArgumentOutOfRangeException(nameof(with), with, "Data files are written with None, Snappy or Zstd."),
        };
        output.Advance(size);
        return size;
    }

    public void Dispose() => _zstd?.Dispose();

    private static int Copy(ReadOnlySpan<byte> page, ByteBuffer output)
    {
        page.CopyTo(output.Reserve(page.Length));
        return page.Length;
    }
}
