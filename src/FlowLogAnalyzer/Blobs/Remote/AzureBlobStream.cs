using System.Buffers;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Blobs.Remote;

/// <summary>
/// A range of a blob in exactly the state that was listed: every request carries <c>If-Match</c>. Big ranges are taken in
/// parts, some of them ahead of the reader, into rented buffers, so memory does not depend on the blob's size.
/// </summary>
internal sealed class AzureBlobStream(BlobClient client, SourceBlob blob, long offset) : ForwardStream
{
    private const int PartBytes = 2 * 1024 * 1024;
    private const int PartsAhead = 4;

    /// <summary>How often a body that ends too early is continued.</summary>
    private const int MaxShortBodies = 5;

    private readonly Queue<Task<Part>> _ahead = new();
    private readonly CancellationTokenSource _stop = new();
    private long _next = offset;
    private Part _current;
    private int _used;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_used == _current.Count && !await NextPartAsync(cancellationToken))
            return 0;

        var count = Math.Min(buffer.Length, _current.Count - _used);
        _current.Bytes.AsMemory(_used, count).CopyTo(buffer);
        _used += count;
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var part in _ahead)
        {
            await ((Task)part).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (part.IsCompletedSuccessfully)
                (await part).Return();
        }

        _ahead.Clear();
        DropCurrent();
        _stop.Dispose();
        await base.DisposeAsync();
    }

    private async ValueTask<bool> NextPartAsync(CancellationToken ct)
    {
        while (_ahead.Count < PartsAhead && _next < blob.Length)
        {
            var count = (int)Math.Min(PartBytes, blob.Length - _next);
            _ahead.Enqueue(GetAsync(_next, count, _stop.Token));
            _next += count;
        }

        DropCurrent();
        if (_ahead.Count == 0)
            return false;

        _current = await _ahead.Peek().WaitAsync(ct);
        _ = _ahead.Dequeue();
        return true;
    }

    private void DropCurrent()
    {
        _current.Return();
        (_current, _used) = (default, 0);
    }

    private async Task<Part> GetAsync(long from, int count, CancellationToken ct)
    {
        var part = new Part(ArrayPool<byte>.Shared.Rent(count), count);
        try
        {
            var got = 0;
            for (var shortBodies = 0; got < count; shortBodies++)
            {
                if (shortBodies > MaxShortBodies)
                    throw new IOException($"'{blob.Path}': storage sent fewer bytes than it was asked for, {shortBodies} times in a row.");
                got += await GetOnceAsync(part.Bytes.AsMemory(got, count - got), from + got, ct);
            }

            return part;
        }
        catch (Exception e)
        {
            part.Return();
            if (StorageErrors.IsOfStorage(e, ct))
                throw Translate(e);
            throw;
        }
    }

    /// <summary>One request; the bytes that came, at least one.</summary>
    private async Task<int> GetOnceAsync(Memory<byte> to, long from, CancellationToken ct)
    {
        var options = new BlobDownloadOptions { Range = new HttpRange(from, to.Length), Conditions = new BlobRequestConditions { IfMatch = new ETag(blob.ETag) } };
        using var answer = (await client.DownloadStreamingAsync(options, ct)).Value;
        var got = await answer.Content.ReadAtLeastAsync(to, to.Length, throwOnEndOfStream: false, ct);

        // Behind the end the service answers 416, the emulator with nothing: both mean that the blob is not the listed one.
        return got > 0 ? got : throw new BlobChangedException(blob.Path);
    }

    private Exception Translate(Exception e) => e switch
    {
        RequestFailedException { Status: 412 or 416 } => new BlobChangedException(blob.Path),
        RequestFailedException { Status: 404 } => new BlobGoneException(blob.Path),
        _ => StorageErrors.Translate(e, blob.Path, StorageErrors.ReadRight),
    };

    /// <summary>Bytes in a rented array.</summary>
    private readonly record struct Part(byte[]? Bytes, int Count)
    {
        public void Return()
        {
            if (Bytes is not null)
                ArrayPool<byte>.Shared.Return(Bytes);
        }
    }
}
