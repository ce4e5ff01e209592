using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Upkeep;

/// <summary>
/// Deletes log entries and checkpoints from before the newest checkpoint that is older than the retention: every version
/// that is younger can still be rebuilt.
/// </summary>
internal sealed class DeltaLogCleanup(DeltaTable table)
{
    public async ValueTask<int> RunAsync(DeltaSnapshot snapshot, DateTimeOffset keepSince, CancellationToken ct)
    {
        if (!snapshot.Exists)
            return 0;

        var files = new List<StoredFile>();
        await foreach (var file in table.Log.Store.ListAsync(table.Log.Folder + DeltaNames.Folder, ct))
            files.Add(file);

        var checkpoints = files.Where(f => f.LastModified <= keepSince).Select(f => DeltaNames.CheckpointVersion(f.Path)).OfType<long>().ToList();
        if (checkpoints.Count == 0)
            return 0;

        var keepFrom = checkpoints.Max();
        var doomed = files.Where(f => (DeltaNames.CommitVersion(f.Path) ?? DeltaNames.CheckpointVersion(f.Path)) < keepFrom).ToList();
        foreach (var file in doomed)
            await table.Log.Store.DeleteAsync(file.Path, ct);
        return doomed.Count;
    }
}
