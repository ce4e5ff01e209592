using FlowLogAnalyzer.Lake.FileEncoding;
using Snappier;
using ZstdSharp;

namespace FlowLogAnalyzer.Lake.FileDecoding;

/// <summary>Undoes <see cref="PageCompressor"/>; a page must have the size that its header says.</summary>
internal sealed class PageDecompressor : IDisposable
{
    /// <summary>Above every size that a page or dictionary of the encoder has: a broken number must not ask for gigabytes.</summary>
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

        DamageException.Unless(size <= MostBytes, $"a page of {size} bytes is larger than any");
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
