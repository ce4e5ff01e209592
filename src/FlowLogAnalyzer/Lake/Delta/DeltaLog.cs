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
    private long _loadedAt;

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

        _loadedAt = time.GetTimestamp();
        return Checked(newest);
    }

    /// <summary>The newest version, reading only what came after <paramref name="known"/>.</summary>
    public async ValueTask<DeltaSnapshot> RefreshAsync(DeltaSnapshot known, CancellationToken ct)
    {
        if (!known.Exists || time.GetElapsedTime(_loadedAt) > TrustedAge)
            return await LoadAsync(ct);

        var newest = await FollowAsync(known, ct);
        _loadedAt = time.GetTimestamp();
        return Checked(newest);
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

    /// <summary>
    /// Appends <paramref name="change"/>, planned on <paramref name="planned"/>, to the log. Entries of others that came
    /// in between are read: those that touch other files and other domains do not matter, the rest is a conflict.
    /// </summary>
    public async ValueTask<DeltaCommitResult> CommitAsync(DeltaSnapshot planned, DeltaChange change, CancellationToken ct)
    {
        var commit = ToCommit(planned, change);
        var content = DeltaJsonWriter.Write(commit);
        var snapshot = planned;
        while (true)
        {
            var version = snapshot.Version + 1;
            if (await PutAsync(version, content, commit.CommitId!, ct))
                return new DeltaCommitResult(snapshot.Apply(commit), null);

            var winner = await ReadCommitAsync(version, ct)
                ?? throw new InvalidDataException($"'{store.Location}/{Folder}': version {version} is taken but cannot be read; the log was cleaned while this process slept. Run the command again.");
            var conflict = FindConflict(version, winner, change);
            snapshot = snapshot.Apply(winner);
            if (conflict is not null)
                return new DeltaCommitResult(snapshot, conflict);
        }
    }

    internal long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>True when the version is ours, also when the store's answer to an earlier attempt was lost.</summary>
    private async ValueTask<bool> PutAsync(long version, byte[] content, string commitId, CancellationToken ct)
    {
        try
        {
            if (await store.PutIfAbsentAsync(Folder + DeltaNames.Commit(version), content, ct))
                return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if ((await ReadCommitAsync(version, ct))?.CommitId == commitId)
                return true;
            throw;
        }

        return (await ReadCommitAsync(version, ct))?.CommitId == commitId;
    }

    private DeltaCommit ToCommit(DeltaSnapshot planned, DeltaChange change)
    {
        var now = NowMs();
        return new DeltaCommit
        {
            CommitId = Guid.NewGuid().ToString("N"),
            Operation = change.Operation,
            TimestampMs = now,
            Adds = [.. change.Adds.Select(a => a with { DataChange = change.DataChange })],
            Removes = [.. change.Removes.Select(path => planned.Files[path]).Select(f => new RemoveFile(f.Path, now)
            {
                DataChange = change.DataChange, PartitionValues = f.PartitionValues, Size = f.Size,
            })],
            Domains = [.. change.Domains.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => new DomainMetadata(d.Key, d.Value ?? "", d.Value is null))],
        };
    }

    private static DeltaConflict? FindConflict(long version, DeltaCommit winner, DeltaChange change)
    {
        if (winner.Protocol is not null || winner.Metadata is not null)
            throw new InvalidDataException($"The table was changed by another program while this one was writing (version {version}, {winner.Operation}). Run the command again.");

        string[] domains = [.. winner.Domains.Select(d => d.Domain).Where(change.Domains.ContainsKey)];
        string[] files = [.. winner.Removes.Select(r => r.Path).Intersect(change.Removes, StringComparer.Ordinal)];
        return domains.Length + files.Length == 0 ? null : new DeltaConflict(version, domains, files);
    }

    private async ValueTask<DeltaSnapshot> FollowAsync(DeltaSnapshot snapshot, CancellationToken ct)
    {
        while (await ReadCommitAsync(snapshot.Version + 1, ct) is { } next)
            snapshot = snapshot.Apply(next);
        return snapshot;
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
        return snapshot;
    }
}
