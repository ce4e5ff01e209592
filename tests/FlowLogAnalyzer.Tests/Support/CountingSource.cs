using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Blobs;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>A local source that tells how many blobs were opened.</summary>
internal sealed class CountingSource(string path, Action<int> onOpen) : IBlobSource
{
    private readonly LocalBlobSource _inner = new(path);
    private int _opened;

    public string Name => _inner.Name;

    public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var entry in _inner.ListAsync(window, ct))
            yield return entry;
    }

    public ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct) => _inner.RefreshAsync(blob, ct);

    public ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct)
    {
        onOpen(Interlocked.Increment(ref _opened));
        return _inner.OpenAsync(blob, offset, ct);
    }
}
