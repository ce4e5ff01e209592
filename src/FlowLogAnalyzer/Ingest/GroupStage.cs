using System.Threading.Channels;

namespace FlowLogAnalyzer.Ingest;

/// <summary>Blobs that go into one commit.</summary>
internal sealed record BlobGroup(IReadOnlyList<ReadBlob> Blobs);

/// <summary>
/// The third stage: collects what was parsed, from however many blobs, until it is worth a commit or has waited long enough.
/// </summary>
internal sealed class GroupStage(IngestOptions options, SemaphoreSlim inFlight)
{
    public async Task RunAsync(ChannelReader<ReadBlob> from, ChannelWriter<BlobGroup> to, CancellationToken ct)
    {
        while (await from.WaitToReadAsync(ct))
        {
            var blobs = new List<ReadBlob>();
            await inFlight.WaitAsync(ct);
            await CollectAsync(from, blobs, ct);
            if (blobs.Count > 0)
                await to.WriteAsync(new BlobGroup(blobs), ct);
            else
                inFlight.Release();
        }
    }

    private async Task CollectAsync(ChannelReader<ReadBlob> from, List<ReadBlob> blobs, CancellationToken ct)
    {
        using var window = new CancellationTokenSource(options.CommitInterval, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, window.Token);
        var rows = 0L;
        try
        {
            do
            {
                // What is there is taken first: a window of no length still makes a group of it.
                while (rows < options.CommitRows && blobs.Count < options.CommitBlobs && from.TryRead(out var blob))
                {
                    blobs.Add(blob);
                    rows += blob.BufferedRows;
                }
            }
            while (rows < options.CommitRows && blobs.Count < options.CommitBlobs && await from.WaitToReadAsync(either.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The window is over: what was collected goes on.
        }
    }
}
