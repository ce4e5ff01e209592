using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>What was done: the version that is in the checkpoint, positions that are no longer in the log, log files deleted.</summary>
public sealed record CheckpointResult(long Version, long Positions, int LogFiles);

/// <summary>Keeps the log of the table <c>tuples</c> short, so that opening the lake costs the same whatever was committed before.</summary>
public sealed class LakeCheckpoint(FlowLake lake, TimeProvider time)
{
    /// <param name="retention">Versions younger than this stay readable.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask<CheckpointResult> RunAsync(TimeSpan retention, CancellationToken ct = default)
    {
        await lake.Tuples.Delta.WritableAsync(removes: false, ct); // a checkpoint that leaves out what a feature needs would lose it

        // Positions of today and yesterday still change, and they alone.
        var moved = await new PositionRetirement(lake, time).RunAsync(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-1), ct);
        var snapshot = await lake.Tuples.SnapshotAsync(ct);
        if (!snapshot.Exists)
            return new CheckpointResult(-1, moved, 0);

        await lake.Tuples.Delta.CheckpointAsync(snapshot, ct);
        var log = new List<StoredFile>();
        await foreach (var file in lake.Store.ListAsync(TupleTable.Folder + DeltaNames.Folder, ct))
            log.Add(file);
        string[] doomed = [.. DeltaLogCleanup.Doomed(log, time.GetUtcNow(), retention).Select(f => f.Path)];
        await lake.Store.DeleteAllAsync(doomed, ct);
        return new CheckpointResult(snapshot.Version, moved, doomed.Length);
    }
}
