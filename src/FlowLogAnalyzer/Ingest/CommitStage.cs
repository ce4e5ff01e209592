using System.Threading.Channels;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Telemetry;

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
            await to.WriteAsync(new EncodedGroup(group.Blobs, await EncodeAsync(group.Blobs, ct)), ct);
    }

    public async ValueTask<IReadOnlyList<AddFile>> EncodeAsync(IReadOnlyList<ReadBlob> blobs, CancellationToken ct)
    {
        var files = await state.Options.Lake.Tuples.Writer.WriteAsync([.. blobs.SelectMany(b => b.Batches)], ct);
        foreach (var file in files)
            state.Wrote(file);
        return files;
    }
}

/// <summary>
/// The last stage: rows and positions of a group in one commit. If another writer was there first, the blobs it has taken
/// are left out and planned again, so that no row comes twice.
/// </summary>
internal sealed class CommitStage(RunState state, EncodeStage encoder, SemaphoreSlim inFlight)
{
    private readonly TupleTable _table = state.Options.Lake.Tuples;
    private readonly BlobRowRemover _remover = new(state.Options.Lake.Tuples);

    public async Task RunAsync(ChannelReader<EncodedGroup> from, DeltaSnapshot snapshot, CancellationToken ct)
    {
        await foreach (var group in from.ReadAllAsync(ct))
        {
            snapshot = await CommitAsync(group, snapshot, ct);
            inFlight.Release();
        }
    }

    private async ValueTask<DeltaSnapshot> CommitAsync(EncodedGroup group, DeltaSnapshot snapshot, CancellationToken ct)
    {
        using var step = FlowLogTelemetry.Start("commit");
        while (true)
        {
            group = await LeaveOutStaleAsync(group, snapshot, ct);
            if (group.Blobs.Count == 0)
                return snapshot;

            var removal = await RemoveRewrittenAsync(group, snapshot, ct);
            AddFile[] files = [.. group.Files, .. group.Blobs.SelectMany(b => b.Spilled)];
            var change = new DeltaChange("WRITE")
            {
                Adds = [.. files, .. removal.Adds],
                Removes = removal.Removes,
                Domains = group.Blobs.ToDictionary(b => b.Plan.Domain, b => (string?)b.Position.ToJson(), StringComparer.Ordinal),
                Parameters = Story(group, removal),
            };

            // From here on the files may be part of the table, whatever happens to this process or to the answer.
            ct.ThrowIfCancellationRequested();
            state.HandOver(change.Adds);
            var result = await _table.Delta.CommitAsync(snapshot, change, CancellationToken.None);
            snapshot = result.Snapshot;
            if (result.Committed)
            {
                step?.SetTag("flowlog.blobs", group.Blobs.Count).SetTag("flowlog.version", snapshot.Version);
                state.Committed(group.Blobs, files, removal.Rows);
                CommitMetrics.Rows(files.Sum(f => FileFacts.Of(f).Rows ?? 0));
                foreach (var batch in group.Blobs.SelectMany(b => b.Batches))
                    state.Pool.Return(batch);
                return snapshot;
            }

            foreach (var file in files)
                state.Wrote(file);
            await _table.Writer.DeleteAsync(removal.Adds);
        }
    }

    private static Dictionary<string, string> Story(EncodedGroup group, RowRemoval removal) => new()
    {
        ["mode"] = "Append",
        ["partitionBy"] = $"[\"{FlowColumns.Partition}\"]",
        ["blobs"] = $"{group.Blobs.Count}",
        ["reason"] = removal.Rows == 0 ? "new blobs, or blobs that have grown" : $"blobs that were rewritten at their source: {removal.Rows} of their earlier rows go",
    };

    /// <summary>Blobs whose position is not the one they were planned from: somebody else has read them meanwhile.</summary>
    private async ValueTask<EncodedGroup> LeaveOutStaleAsync(EncodedGroup group, DeltaSnapshot snapshot, CancellationToken ct)
    {
        var stale = new List<ReadBlob>();
        foreach (var blob in group.Blobs)
            if (await _table.Archive.FindDomainAsync(snapshot, blob.Plan.Domain, ct) != blob.Plan.Position)
                stale.Add(blob);
        if (stale.Count == 0)
            return group;

        foreach (var blob in stale)
            state.Again.Enqueue(blob.Plan);
        await DeleteAsync([.. group.Files, .. stale.SelectMany(b => b.Spilled)]);
        ReadBlob[] rest = [.. group.Blobs.Except(stale)];
        return new EncodedGroup(rest, await encoder.EncodeAsync(rest, ct));
    }

    private async ValueTask<RowRemoval> RemoveRewrittenAsync(EncodedGroup group, DeltaSnapshot snapshot, CancellationToken ct)
    {
        // A whole reading with the same content keeps the rows it has.
        var keys = group.Blobs.Where(b => b.Plan.Replaces && b.Result is not null).Select(b => b.Plan.Key).ToHashSet(StringComparer.Ordinal);
        if (keys.Count == 0)
            return RowRemoval.None;

        var removal = await _remover.RemoveAsync(snapshot, keys, ct);
        foreach (var file in removal.Adds)
            state.Wrote(file);
        return removal;
    }

    private async ValueTask DeleteAsync(IReadOnlyList<AddFile> files)
    {
        state.HandOver(files);
        await _table.Writer.DeleteAsync(files);
    }
}
