using FlowLogAnalyzer.Lake.Parquet.Writing;
using Snappier;
using ZstdSharp;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Undoes <see cref="PageCompressor"/>; a page must have the size that its header says.</summary>
internal sealed class PageDecompressor : IDisposable
{
    /// <summary>A copy of 64 bytes takes three (google/snappy, format_description.txt).</summary>
    private const int MostOfSnappy = 22;

    /// <summary>A block of 128 KiB takes four bytes (RFC 8878, section 3.1.1.2).</summary>
    private const int MostOfZstd = 32 * 1024;

    /// <summary>Above every size that a page or dictionary of the encoder has.</summary>
    private const int MostBytes = 1 << 30;

    private readonly Decompressor _zstd = new();
    private byte[] _buffer = [];

    /// <summary>The page's body, valid until the next call.</summary>
    public ReadOnlySpan<byte> Decompress(FileCompression codec, ReadOnlySpan<byte> stored, int size)
    {
        if (codec == FileCompression.None)
        {
            DamageException.Unless(stored.Length == size, $"the page has {stored.Length} bytes instead of {size}");
            return stored;
        }

        // Headers are under no checksum: a broken size must not ask for memory that no such page fills.
        var most = Math.Min(MostBytes, (long)stored.Length * (codec == FileCompression.Snappy ? MostOfSnappy : MostOfZstd));
        DamageException.Unless(size <= most, $"{stored.Length} bytes cannot become a page of {size}");
        if (_buffer.Length < size)
            _buffer = new byte[Math.Max(size, _buffer.Length * 2)];
        var written = Undo(codec, stored, _buffer.AsSpan(0, size));
        DamageException.Unless(written == size, $"the page has {written} bytes instead of {size}");
        return _buffer.AsSpan(0, size);
    }

    public void Dispose() => _zstd.Dispose();

    private int Undo(FileCompression codec, ReadOnlySpan<byte> stored, Span<byte> target)
    {
        try
        {
            return codec == FileCompression.Snappy ? Snappy.Decompress(stored, target) : _zstd.Unwrap(stored, target);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or ZstdException)
        {
            throw new DamageException($"the page cannot be decompressed ({e.Message.TrimEnd('.')})");
        }
    }
}
