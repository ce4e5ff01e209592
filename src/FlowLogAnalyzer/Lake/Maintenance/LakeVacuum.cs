using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>What a vacuum may delete.</summary>
public sealed record VacuumOptions
{
    /// <summary>Versions of the table that are younger than this stay readable; at most 30 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Files that no version knows, and half-written ones, are left alone until they are this old: an ingest that runs right
    /// now writes files before it commits them.
    /// </summary>
    public TimeSpan OrphanAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Only say what would be deleted.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What was deleted (or would be), log entries included: paths below the lake's root, and their bytes.</summary>
public sealed record VacuumResult(IReadOnlyList<string> Files, long Bytes);

/// <summary>
/// Deletes, in every table of the lake, data files that no retained version refers to and log entries that no retained
/// version needs, and what writers left behind that were killed.
/// </summary>
public sealed class LakeVacuum(FlowLake lake, TimeProvider time)
{
    /// <exception cref="ArgumentOutOfRangeException">The retention is negative or longer than removed files are remembered.</exception>
    public async ValueTask<VacuumResult> RunAsync(VacuumOptions options, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Retention, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Retention, DeltaTable.TombstoneRetention, nameof(options));

        // The files first and the versions after: a file that was committed in between is known to the version.
        var files = new List<StoredFile>();
        await foreach (var file in lake.Store.ListAsync("", ct))
            files.Add(file);
        var doomed = files.Where(f => FolderLakeStore.IsTemporary(f.Path) && IsAbandoned(f, options)).ToList();
        foreach (var folder in TableFolders(files))
            doomed.AddRange(await DoomedAsync(folder, files, options, ct));

        if (!options.DryRun)
            await lake.Store.DeleteAllAsync(doomed.Select(f => f.Path), ct);
        return new VacuumResult([.. doomed.Select(f => f.Path)], doomed.Sum(f => f.Length));
    }

    private static List<string> TableFolders(IEnumerable<StoredFile> files) =>
        [.. files.Select(f => DeltaNames.TableOf(f.Path)).OfType<string>().Distinct(StringComparer.Ordinal)];

    private async ValueTask<IEnumerable<StoredFile>> DoomedAsync(string folder, IReadOnlyList<StoredFile> files, VacuumOptions options, CancellationToken ct)
    {
        var log = new DeltaLog(lake.Store, folder, time);
        var snapshot = await log.LoadAsync(ct);
        if (!snapshot.Exists)
            return []; // without a version nobody can say what is needed
        TableAccess.CheckWritable(log.Location, snapshot, removes: false); // nor without knowing what keeps files

        var ofTable = files.Where(f => f.Path.StartsWith(folder, StringComparison.Ordinal) && !FolderLakeStore.IsTemporary(f.Path)).ToLookup(f => f.Path.StartsWith(folder + DeltaNames.Folder, StringComparison.Ordinal));
        var data = ofTable[false].Where(f => IsDoomed(f, f.Path[folder.Length..], snapshot, options));
        return data.Concat(DeltaLogCleanup.Doomed([.. ofTable[true]], time.GetUtcNow(), options.Retention));
    }

    private bool IsDoomed(StoredFile file, string path, DeltaSnapshot snapshot, VacuumOptions options)
    {
        if (snapshot.Files.ContainsKey(path) || IsHidden(path))
            return false;

        return snapshot.Tombstones.TryGetValue(path, out var removed)
            ? DateTimeOffset.FromUnixTimeMilliseconds(removed.DeletionTimestampMs) <= time.GetUtcNow() - options.Retention
            : IsAbandoned(file, options);
    }

    /// <summary>What begins with a dot or an underscore is another engine's own, except what it wrote of changed rows.</summary>
    private static bool IsHidden(string path) =>
        path.Split('/').Any(part => part.StartsWith('.') || (part.StartsWith('_') && !part.Contains('=', StringComparison.Ordinal))) && !path.StartsWith("_change_data/", StringComparison.Ordinal);

    /// <summary>Nobody will commit it any more.</summary>
    private bool IsAbandoned(StoredFile file, VacuumOptions options) =>
        file.LastModified <= time.GetUtcNow() - (options.OrphanAge > options.Retention ? options.OrphanAge : options.Retention);
}
