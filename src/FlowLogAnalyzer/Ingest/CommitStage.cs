using System.Threading.Channels;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Ingest;

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
                Requires = [RetentionMark.Domain, .. Archives(group)],
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

    /// <summary>
    /// A blob that somebody else has read for the first time, and whose position is in the archive by now, has no position in the log
    /// before and after: only the date's archive tells that there is one.
    /// </summary>
    private static IEnumerable<string> Archives(EncodedGroup group) =>
        group.Blobs.Select(b => PositionArchive.DateOf(b.Plan.Key)).OfType<DateOnly>().Distinct().Select(PositionArchive.Domain);

    /// <summary>
    /// Blobs whose position is not the one they were planned from: somebody else has read them meanwhile. And those of dates that
    /// a retention has dropped meanwhile: their rows would come back for good.
    /// </summary>
    private async ValueTask<EncodedGroup> LeaveOutStaleAsync(EncodedGroup group, DeltaSnapshot snapshot, CancellationToken ct)
    {
        var from = RetentionMark.Of(snapshot);
        var left = new List<ReadBlob>();
        foreach (var blob in group.Blobs)
        {
            if (RetentionMark.IsPast(blob.Plan.Blob.Identity, from))
                state.Dropped(blob.Plan.Blob.Path);
            else if (await _table.Archive.FindDomainAsync(snapshot, blob.Plan.Domain, ct) != blob.Plan.Position)
                state.Again.Enqueue(blob.Plan);
            else
                continue;
            left.Add(blob);
        }

        return left.Count == 0 ? group : await LeaveOutAsync(group, left, ct);
    }

    private async ValueTask<EncodedGroup> LeaveOutAsync(EncodedGroup group, IReadOnlyList<ReadBlob> left, CancellationToken ct)
    {
        await DeleteAsync([.. group.Files, .. left.SelectMany(b => b.Spilled)]);
        return await encoder.EncodeAsync([.. group.Blobs.Except(left)], ct);
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
