using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Blobs;

namespace FlowLogAnalyzer.Ingest;

/// <summary>A source that lists nothing more once it is asked to stop, so that a run ends with what it has begun.</summary>
internal sealed class StoppableSource(IBlobSource inner, CancellationToken stop) : IBlobSource
{
    public string Name => inner.Name;

    public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, ct);
        await using var entries = inner.ListAsync(window, either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (stop.IsCancellationRequested || !await entries.MoveNextAsync())
                    yield break;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                yield break;
            }

            yield return entries.Current;
        }
    }

    public ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct) => inner.RefreshAsync(blob, ct);

    public ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct) => inner.OpenAsync(blob, offset, ct);
}
