using System.Buffers;
using System.Threading.Channels;

namespace FlowLogAnalyzer.Ingest;

/// <summary>
/// Reads a blob ahead of its parser: a task fills rented chunks and hands them over through a bounded channel, so reading
/// and parsing overlap and a slow parser holds the reader back.
/// </summary>
internal sealed class ReadAhead : Stream
{
    private const int ChunkBytes = 256 * 1024;
    private const int ChunksAhead = 3;
    private readonly Channel<(byte[] Bytes, int Count)> _chunks = Channel.CreateBounded<(byte[] Bytes, int Count)>(
        new BoundedChannelOptions(ChunksAhead) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stop;
    private readonly Task _pump;
    private (byte[] Bytes, int Count) _current;
    private int _used;

    public ReadAhead(Stream source, CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _pump = Task.Run(() => PumpAsync(source, _stop.Token), CancellationToken.None);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_used == _current.Count && !await NextAsync(cancellationToken))
            return 0;

        var count = Math.Min(buffer.Length, _current.Count - _used);
        _current.Bytes.AsMemory(_used, count).CopyTo(buffer);
        _used += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Return(_current.Bytes);
        while (_chunks.Reader.TryRead(out var left))
            Return(left.Bytes);
        _stop.Dispose();
        await base.DisposeAsync();
    }

    private async ValueTask<bool> NextAsync(CancellationToken ct)
    {
        Return(_current.Bytes);
        (_current, _used) = (default, 0);
        if (!await _chunks.Reader.WaitToReadAsync(ct))
            return false; // throws what stopped the pump, if anything did

        return _chunks.Reader.TryRead(out _current);
    }

    private async Task PumpAsync(Stream source, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var bytes = ArrayPool<byte>.Shared.Rent(ChunkBytes);
                var count = await source.ReadAsync(bytes, ct);
                if (count == 0)
                {
                    Return(bytes);
                    break;
                }

                await _chunks.Writer.WriteAsync((bytes, count), ct);
            }

            _chunks.Writer.Complete();
        }
        catch (Exception e)
        {
            _chunks.Writer.Complete(e);
        }
    }

    private static void Return(byte[]? bytes)
    {
        if (bytes is not null)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
