using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// The log of one table: loads it, and appends to it with optimistic concurrency (Delta transaction log protocol,
/// github.com/delta-io/delta/blob/master/PROTOCOL.md). Safe for any number of writers in any number of processes.
/// </summary>
public sealed class DeltaLog(ILakeStore store, string folder, TimeProvider time)
{
    /// <summary>
    /// A snapshot older than this looks for a newer checkpoint before it trusts "there is no next entry": the entries
    /// that follow it may have been cleaned away meanwhile.
    /// </summary>
    internal static readonly TimeSpan TrustedAge = TimeSpan.FromMinutes(10);
    private const int MostReadsAtOnce = 32;

    public ILakeStore Store => store;

    /// <summary>The table's folder below the lake's root, ending in <c>/</c>.</summary>
    public string Folder { get; } = folder.TrimEnd('/') + "/";

    public TimeProvider Time => time;

    /// <summary>The table's folder or address, for messages.</summary>
    public string Location => $"{store.Location}/{Folder.TrimEnd('/')}";

    /// <summary>The newest version; <see cref="DeltaSnapshot.None"/> when there is no table.</summary>
    /// <exception cref="InvalidDataException">An entry is missing or not whole, which the message names.</exception>
    /// <exception cref="DeltaFeatureException">It needs a reader of features that this one has not.</exception>
    public async ValueTask<DeltaSnapshot> LoadAsync(CancellationToken ct)
    {
        // Entries may be cleaned away between the list and the reading: then there is a newer checkpoint in the next list.
        for (var attempt = 1; ; attempt++)
        {
            var files = await DeltaLogFiles.ListAsync(store, Folder, ct);
            var (snapshot, damage) = await ReadCheckpointAsync(files, ct);
            var newest = await FollowAsync(snapshot, ct);
            if (newest.Version >= files.Newest)
                return Checked(newest);
            if (attempt > 1)
                throw files.V2Checkpoint is { } v2 ? V2Only(v2) : damage ?? Hole(newest.Version + 1, files.Newest);
        }
    }

    /// <summary>The newest version, reading only what came after <paramref name="known"/>.</summary>
    /// <param name="known">What the caller knows.</param>
    /// <param name="onEntry">Told about every entry that is read, unless the log had to be loaded from a checkpoint.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask<DeltaSnapshot> RefreshAsync(DeltaSnapshot known, Action<DeltaCommit>? onEntry, CancellationToken ct)
    {
        var isTrusted = known.Exists && time.GetElapsedTime(known.SeenAt) <= TrustedAge;
        return isTrusted ? Checked(await FollowAsync(known, ct, onEntry)) : await LoadAsync(ct);
    }

    /// <summary>The entry of one version, or null when there is none (not yet written, or cleaned away).</summary>
    public async ValueTask<DeltaCommit?> ReadCommitAsync(long version, CancellationToken ct)
    {
        var path = Folder + DeltaNames.Commit(version);
        return await store.ReadAllAsync(path, ct) is { } content ? DeltaJsonReader.Read(content, $"{store.Location}/{path}", Location) : null;
    }

    /// <summary>Creates the table unless it exists; either way returns its newest version.</summary>
    public async ValueTask<DeltaSnapshot> CreateAsync(DeltaProtocol protocol, DeltaMetadata metadata, CancellationToken ct)
    {
        TableAccess.CheckTrue(protocol, metadata);
        var commit = new DeltaCommit
        {
            CommitId = Guid.NewGuid().ToString("N"),
            Operation = "CREATE TABLE",
            TimestampMs = NowMs(),
            Protocol = protocol,
            Metadata = metadata,
            Story = new CommitStory { IsBlindAppend = true, IsolationLevel = CommitStories.Serializable },
        };
        await store.PutIfAbsentAsync(Folder + DeltaNames.Commit(0), DeltaJsonWriter.Write(commit), ct);
        return await LoadAsync(ct);
    }

    internal long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Entries are read one, two, four ... at a time: mostly there is one or none, but a reader that is far behind must be
    /// faster than the writers are.
    /// </summary>
    private async ValueTask<DeltaSnapshot> FollowAsync(DeltaSnapshot snapshot, CancellationToken ct, Action<DeltaCommit>? onEntry = null)
    {
        for (var window = 1; ; window = Math.Min(window * 2, MostReadsAtOnce))
        {
            var version = snapshot.Version;
            foreach (var entry in await Task.WhenAll(Enumerable.Range(1, window).Select(i => ReadCommitAsync(version + i, ct).AsTask())))
            {
                if (entry is null)
                    return snapshot;
                snapshot = snapshot.Apply(entry);
                onEntry?.Invoke(entry);
            }
        }
    }

    /// <summary>
    /// The newest checkpoint that can be read; the state before any entry when there is none. The log was listed, so that the
    /// hint in <c>_last_checkpoint</c> is not needed, whatever stands in it.
    /// </summary>
    private async ValueTask<(DeltaSnapshot Snapshot, InvalidDataException? Damage)> ReadCheckpointAsync(DeltaLogFiles files, CancellationToken ct)
    {
        InvalidDataException? damage = null;
        foreach (var (version, paths) in files.Checkpoints)
        {
            try
            {
                return (await DeltaCheckpoint.ReadAsync(this, version, paths, ct), damage);
            }
            catch (InvalidDataException e)
            {
                damage ??= e; // older ones and the entries themselves say the same
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Cleaned away since it was listed.
            }
        }

        return (DeltaSnapshot.None, damage);
    }

    private InvalidDataException Hole(long missing, long newest) => new(
        $"'{store.Location}/{Folder}{DeltaNames.Commit(missing)}' is missing, and the log goes on to version {newest}: what that entry changed is not known. {DeltaLogFiles.Mend}");

    private DeltaFeatureException V2Only(string path) => new(
        FeatureNames.V2Checkpoint,
        $"The table '{Location}' cannot be read: '{path}' is a checkpoint of the Delta feature '{FeatureNames.V2Checkpoint}', and the entries before it are gone. "
        + $"To have others written: {FeatureAdvice.TakeOff(FeatureNames.V2Checkpoint, Location, null)}");

    private DeltaSnapshot Checked(DeltaSnapshot snapshot)
    {
        if (snapshot.Exists && (snapshot.Protocol is null || snapshot.Metadata is null))
            throw new InvalidDataException($"The log of '{Location}' has no {(snapshot.Protocol is null ? "protocol" : "metaData")} action up to version {snapshot.Version}: part of it is lost. {DeltaLogFiles.Mend}");
        TableAccess.CheckReadable(Location, snapshot);
        return snapshot with { SeenAt = time.GetTimestamp() };
    }
}
