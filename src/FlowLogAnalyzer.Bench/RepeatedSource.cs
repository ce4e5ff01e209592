using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Blobs;

namespace FlowLogAnalyzer.Bench;

/// <summary>
/// The blobs of a source under other keys, so that a lake which has them takes them once more: what an ingest costs in the
/// long run is measured with few logs, whose files are in memory.
/// </summary>
public sealed class RepeatedSource(IBlobSource source, int time) : IBlobSource
{
    private readonly string _prefix = FormattableString.Invariant($"{time}/");

    public string Name => source.Name;

    public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var entry in source.ListAsync(window, ct))
            yield return entry.Blob is { } blob ? SourceEntry.Of(Renamed(blob)) : entry;
    }

    public async ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct) => await source.RefreshAsync(blob, ct) is { } fresh ? Renamed(fresh) : null;

    public ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct) => source.OpenAsync(blob, offset, ct);

    private SourceBlob Renamed(SourceBlob blob) => blob with { Identity = blob.Identity with { Key = _prefix + blob.Identity.Key } };
}
