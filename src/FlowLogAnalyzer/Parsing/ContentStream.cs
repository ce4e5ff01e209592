using System.IO.Compression;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// A stream whose first bytes were looked at and given back, and which counts what is taken from the source.
/// </summary>
internal sealed class ContentStream(Stream source, byte[] head, int headLength) : Stream
{
    private int _given;

    /// <summary>Bytes taken from the source, those looked at included.</summary>
    public long SourceBytes { get; private set; } = headLength;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens the source, through gzip when it begins with 1F 8B (RFC 1952 section 2.3.1).</summary>
    public static async ValueTask<(ContentStream Raw, Stream Text, bool IsCompressed)> OpenAsync(Stream source, CancellationToken ct)
    {
        var head = new byte[2];
        var length = await source.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
        var raw = new ContentStream(source, head, length);
        var isCompressed = length == 2 && head[0] == 0x1F && head[1] == 0x8B;
        return (raw, isCompressed ? new GZipStream(raw, CompressionMode.Decompress, leaveOpen: true) : raw, isCompressed);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_given < headLength)
            return GiveHead(buffer.Span);
        var read = await source.ReadAsync(buffer, cancellationToken);
        SourceBytes += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_given < headLength)
            return GiveHead(buffer.AsSpan(offset, count));
        var read = source.Read(buffer, offset, count);
        SourceBytes += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int GiveHead(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, headLength - _given);
        head.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }
}
