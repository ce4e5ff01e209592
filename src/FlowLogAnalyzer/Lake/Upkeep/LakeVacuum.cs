using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Upkeep;

/// <summary>What a vacuum may delete.</summary>
public sealed record VacuumOptions
{
    /// <summary>Versions of the table that are younger than this stay readable; at most 30 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Files that no version knows are left alone until they are this old: an ingest that runs right now writes files
    /// before it commits them.
    /// </summary>
    public TimeSpan OrphanAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Only say what would be deleted.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What was deleted (or would be): paths below the lake's root, and their bytes.</summary>
public sealed record VacuumResult(IReadOnlyList<string> Files, long Bytes);

/// <summary>Deletes data files that no retained version of the table refers to, and log entries that no retained version needs.</summary>
public sealed class LakeVacuum(FlowLake lake, TimeProvider time)
{
    /// <exception cref="ArgumentOutOfRangeException">The retention is negative or longer than removed files are remembered.</exception>
    public async ValueTask<VacuumResult> RunAsync(VacuumOptions options, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Retention, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Retention, DeltaTable.TombstoneRetention, nameof(options));

        // The files first and the version after: a file that was committed in between is known to the version.
        var listed = await ListAsync(ct);
        var snapshot = await lake.Tuples.SnapshotAsync(ct);
        StoredFile[] doomed = [.. listed.Where(f => IsDoomed(f, snapshot, options))];
        if (!options.DryRun)
        {
            foreach (var file in doomed)
                await lake.Store.DeleteAsync(file.Path, ct);
            await new DeltaLogCleanup(lake.Tuples.Delta).RunAsync(snapshot, time.GetUtcNow() - options.Retention, ct);
        }

        return new VacuumResult([.. doomed.Select(f => f.Path)], doomed.Sum(f => f.Length));
    }

    private async ValueTask<List<StoredFile>> ListAsync(CancellationToken ct)
    {
        var files = new List<StoredFile>();
        await foreach (var file in lake.Store.ListAsync(TupleTable.Folder, ct))
            if (!file.Path.StartsWith(TupleTable.Folder + DeltaNames.Folder, StringComparison.Ordinal))
                files.Add(file);
        return files;
    }

    private bool IsDoomed(StoredFile file, DeltaSnapshot snapshot, VacuumOptions options)
    {
        var path = file.Path[TupleTable.Folder.Length..];
        if (snapshot.Files.ContainsKey(path))
            return false;

        var now = time.GetUtcNow();
        return snapshot.Tombstones.TryGetValue(path, out var removed)
            ? DateTimeOffset.FromUnixTimeMilliseconds(removed.DeletionTimestampMs) <= now - options.Retention
            : file.LastModified <= now - (options.OrphanAge > options.Retention ? options.OrphanAge : options.Retention);
    }
}
