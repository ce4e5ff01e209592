using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Blobs;

namespace FlowLogAnalyzer.Ingest.Triggers;

/// <summary>Some blobs of a source, by name: one look at each instead of a listing.</summary>
internal sealed class NamedBlobs(IBlobSource inner, IReadOnlyList<SourceBlob> blobs) : IBlobSource
{
    public string Name => inner.Name;

    public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var blob in blobs)
        {
            if (await LookAsync(blob, ct) is { } entry)
                yield return entry;
        }
    }

    public ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct) => inner.RefreshAsync(blob, ct);

    public ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct) => inner.OpenAsync(blob, offset, ct);

    /// <summary>Null when the blob is gone: then there is nothing to do.</summary>
    private async ValueTask<SourceEntry?> LookAsync(SourceBlob blob, CancellationToken ct)
    {
        try
        {
            return await inner.RefreshAsync(blob, ct) is { } fresh ? SourceEntry.Of(fresh) : null;
        }
        catch (IOException e)
        {
            return SourceEntry.Unreadable(blob.Path, e.Message);
        }
    }
}
