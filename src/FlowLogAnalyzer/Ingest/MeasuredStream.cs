using System.Buffers;
using System.IO.Hashing;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Ingest;

/// <summary>
/// Passes a blob's bytes on, counts and hashes them, and keeps the last ones, so that the bytes before the resume offset
/// can be hashed without reading them again.
/// </summary>
internal sealed class MeasuredStream(Stream inner, long start, RunState state) : ForwardStream
{
    /// <summary>Between the last whole record and the end of a blob lie two bytes, or one unfinished record of about 32 KB.</summary>
    private const int Window = 64 * 1024;
    private readonly XxHash128 _hash = new();
    private byte[] _tail = ArrayPool<byte>.Shared.Rent(2 * Window);
    private int _kept;
    private byte[] _head = start == 0 ? ArrayPool<byte>.Shared.Rent(ShorterCopy.HeadBytes) : [];
    private int _headLength;

    /// <summary>Bytes passed on.</summary>
    public long Count { get; private set; }

    /// <summary>The mark of the first bytes passed on, for <see cref="ShorterCopy"/>; null when there were none.</summary>
    public string? Head() => _headLength == 0 ? null : ShorterCopy.Head(_head.AsSpan(0, _headLength));

    /// <summary>A hash of everything passed on.</summary>
    public string ContentHash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>The hash of up to <paramref name="length"/> bytes before a place in the blob, or null when they are not kept any more.</summary>
    public (string Hash, int Length)? Anchor(long end, int length)
    {
        var windowStart = start + Count - _kept;
        var from = Math.Max(end - length, windowStart);
        if (end > start + Count || end <= from)
            return null;

        var bytes = _tail.AsSpan((int)(from - windowStart), (int)(end - from));
        return (Hash(bytes), bytes.Length);
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(XxHash128.Hash(bytes));

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        Took(buffer[..count]);
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        Took(buffer.Span[..count]);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _tail.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_tail);
            _tail = [];
            if (_head.Length > 0)
                ArrayPool<byte>.Shared.Return(_head);
            _head = [];
        }

        base.Dispose(disposing);
    }

    private void Took(ReadOnlySpan<byte> bytes)
    {
        if (start == 0 && _headLength < ShorterCopy.HeadBytes)
        {
            var more = bytes[..Math.Min(bytes.Length, ShorterCopy.HeadBytes - _headLength)];
            more.CopyTo(_head.AsSpan(_headLength));
            _headLength += more.Length;
        }

        Count += bytes.Length;
        state.TookBytes(bytes.Length);
        _hash.Append(bytes);
        if (bytes.Length >= Window)
        {
            bytes[^Window..].CopyTo(_tail);
            _kept = Window;
            return;
        }

        if (_kept + bytes.Length > 2 * Window)
        {
            _tail.AsSpan(_kept - Window, Window).CopyTo(_tail);
            _kept = Window;
        }

        bytes.CopyTo(_tail.AsSpan(_kept));
        _kept += bytes.Length;
    }
}
