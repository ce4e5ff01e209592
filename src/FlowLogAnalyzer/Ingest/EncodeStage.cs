using System.Threading.Channels;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Ingest;

/// <summary>A group with its rows in files.</summary>
internal sealed record EncodedGroup(IReadOnlyList<ReadBlob> Blobs, IReadOnlyList<AddFile> Files);

/// <summary>The fourth stage: the rows of a group become one file per date.</summary>
internal sealed class EncodeStage(RunState state)
{
    public Task RunAsync(ChannelReader<BlobGroup> from, ChannelWriter<EncodedGroup> to, CancellationToken ct) =>
        Task.WhenAll(Enumerable.Range(0, state.Options.Encoders).Select(_ => EncodeAllAsync(from, to, ct)));

    private async Task EncodeAllAsync(ChannelReader<BlobGroup> from, ChannelWriter<EncodedGroup> to, CancellationToken ct)
    {
        await foreach (var group in from.ReadAllAsync(ct))
            await to.WriteAsync(await EncodeAsync(group.Blobs, ct), ct);
    }

    /// <summary>The group with its files; without blobs whose rows cannot be written, which are reported here.</summary>
    public async ValueTask<EncodedGroup> EncodeAsync(IReadOnlyList<ReadBlob> blobs, CancellationToken ct)
    {
        try
        {
            return new EncodedGroup(blobs, await WriteAsync(blobs, ct));
        }
        catch (Exception e) when (BlobFault.IsOfOneBlob(e))
        {
            return await EncodeEachAsync(blobs, ct);
        }
    }

    /// <summary>Somebody's rows cannot be written: each blob alone, so that the others do not suffer for it.</summary>
    private async ValueTask<EncodedGroup> EncodeEachAsync(IReadOnlyList<ReadBlob> blobs, CancellationToken ct)
    {
        var good = new List<ReadBlob>();
        var files = new List<AddFile>();
        foreach (var blob in blobs)
        {
            try
            {
                files.AddRange(await WriteAsync([blob], ct));
                good.Add(blob);
            }
            catch (Exception e) when (BlobFault.IsOfOneBlob(e))
            {
                state.HandOver(blob.Spilled);
                await state.Options.Lake.Tuples.Writer.DeleteAsync(blob.Spilled);
                state.Failed(blob.Plan.Blob.Path, BlobFault.Message(blob.Plan.Blob.Path, e), ofContent: true);
            }
        }

        return new EncodedGroup(good, files);
    }

    private async ValueTask<IReadOnlyList<AddFile>> WriteAsync(IReadOnlyList<ReadBlob> blobs, CancellationToken ct)
    {
        var files = await state.Options.Lake.Tuples.Writer.WriteAsync([.. blobs.SelectMany(b => b.Batches)], ct);
        foreach (var file in files)
            state.Wrote(file);
        return files;
    }
}
