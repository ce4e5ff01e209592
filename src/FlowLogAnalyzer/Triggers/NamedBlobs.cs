using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;

namespace FlowLogAnalyzer.Triggers;

/// <summary>Some blobs of a patient source, by name: one look at each instead of a listing, several at a time.</summary>
internal sealed class NamedBlobs(IBlobSource inner, IReadOnlyList<SourceBlob> blobs) : IPatient
{
    private const int LooksAtOnce = 16;

    public string Name => inner.Name;

    public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        var looks = new Queue<Task<SourceEntry?>>();
        foreach (var blob in blobs)
        {
            looks.Enqueue(LookAsync(blob, ct));
            if (looks.Count == LooksAtOnce && await looks.Dequeue() is { } entry)
                yield return entry;
        }

        while (looks.TryDequeue(out var look))
            if (await look is { } entry)
                yield return entry;
    }

    public ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct) => inner.RefreshAsync(blob, ct);

    public ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct) => inner.OpenAsync(blob, offset, ct);

    /// <summary>Null when the blob is gone: then there is nothing to do.</summary>
    private async Task<SourceEntry?> LookAsync(SourceBlob blob, CancellationToken ct)
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
