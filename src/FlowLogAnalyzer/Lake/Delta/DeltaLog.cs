using System.Text.Json;
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

    /// <summary>The newest version; <see cref="DeltaSnapshot.None"/> when there is no table.</summary>
    public async ValueTask<DeltaSnapshot> LoadAsync(CancellationToken ct)
    {
        var snapshot = await LoadCheckpointAsync(ct) ?? DeltaSnapshot.None;
        var newest = await FollowAsync(snapshot, ct);
        if (!newest.Exists)
            newest = await LoadWithoutHintAsync(ct);

        return Checked(newest);
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
        return await store.ReadAllAsync(path, ct) is { } content ? DeltaJsonReader.Read(content, path) : null;
    }

    /// <summary>Creates the table unless it exists; either way returns its newest version.</summary>
    public async ValueTask<DeltaSnapshot> CreateAsync(DeltaProtocol protocol, DeltaMetadata metadata, CancellationToken ct)
    {
        var commit = new DeltaCommit
        {
            CommitId = Guid.NewGuid().ToString("N"),
            Operation = "CREATE TABLE",
            TimestampMs = NowMs(),
            Protocol = protocol,
            Metadata = metadata,
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

    private async ValueTask<DeltaSnapshot?> LoadCheckpointAsync(CancellationToken ct)
    {
        if (await store.ReadAllAsync(Folder + DeltaNames.LastCheckpoint, ct) is not { } content)
            return null;

        try
        {
            using var document = JsonDocument.Parse(content);
            return await DeltaCheckpoint.ReadAsync(this, document.RootElement.GetProperty("version").GetInt64(), ct);
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException or KeyNotFoundException)
        {
            // The hint is only a hint: it may point to a checkpoint that was cleaned away.
            return null;
        }
    }

    /// <summary>There is no hint and no version 0: look for the newest checkpoint itself.</summary>
    private async ValueTask<DeltaSnapshot> LoadWithoutHintAsync(CancellationToken ct)
    {
        long? newest = null;
        await foreach (var file in store.ListAsync(Folder + DeltaNames.Folder, ct))
            newest = DeltaNames.CheckpointVersion(file.Path) ?? newest;

        return newest is { } version ? await FollowAsync(await DeltaCheckpoint.ReadAsync(this, version, ct), ct) : DeltaSnapshot.None;
    }

    private DeltaSnapshot Checked(DeltaSnapshot snapshot)
    {
        if (snapshot.Protocol is { } p && (p.MinReaderVersion > 1 || p.MinWriterVersion > 7 || p.WriterFeatures.Any(f => f != "domainMetadata")))
            throw new NotSupportedException(
                $"'{store.Location}/{Folder}' needs reader {p.MinReaderVersion} and writer {p.MinWriterVersion} ({string.Join(", ", p.WriterFeatures)}): "
                + "another program has upgraded the table beyond what this version of flowlog can keep intact.");
        return snapshot with { SeenAt = time.GetTimestamp() };
    }
}
