using System.IO.Compression;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// A stream whose first bytes were looked at and given back, and which counts what is taken from the source.
/// </summary>
internal sealed class ContentStream(Stream source, byte[] head, int headLength) : ForwardStream
{
    private int _given;

    /// <summary>Bytes taken from the source, those looked at included.</summary>
    public long SourceBytes { get; private set; } = headLength;

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

    public override int Read(Span<byte> buffer)
    {
        if (_given < headLength)
            return GiveHead(buffer);
        var read = source.Read(buffer);
        SourceBytes += read;
        return read;
    }

    private int GiveHead(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, headLength - _given);
        head.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }
}
