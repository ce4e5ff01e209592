using System.IO.Hashing;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>Passes on what is written and hashes it on the way: the bytes are in the processor's cache, so it costs next to nothing.</summary>
internal sealed class DigestStream(Stream inner) : Stream
{
    private readonly XxHash128 _hash = new();
    private long _written;

    /// <summary>Of everything written so far.</summary>
    public string Digest => FileDigest.Text(_hash);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException("Bytes that were hashed cannot be written again.");
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Took(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        Took(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Took(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        _written += bytes.Length;
    }
}
