namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>
/// Appends to a log that others append to as well: whoever creates the next entry has won, the others read what they
/// missed and try again, unless it touched what their change touches (protocol, "Delta Log Entries").
/// </summary>
internal sealed class DeltaCommitter(DeltaLog log, CommitPause pause)
{
    private TimeSpan _waited;

    /// <summary>Appends <paramref name="change"/>, which was planned on <paramref name="planned"/>; on a conflict nothing is written.</summary>
    /// <param name="planned">What the change is the difference to.</param>
    /// <param name="known">The newest version that the caller knows: that one or a later one.</param>
    /// <param name="change">All of it or nothing.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidDataException">Another program has changed the table itself, or the log has a hole.</exception>
    /// <exception cref="DeltaFeatureException">The table asks for what flowlog does not do.</exception>
    public async ValueTask<DeltaCommitResult> CommitAsync(DeltaSnapshot planned, DeltaSnapshot known, DeltaChange change, CancellationToken ct)
    {
        var commit = ToCommit(planned, change);
        var content = DeltaJsonWriter.Write(commit);
        await Task.Delay(pause.BeforeFirst(_waited), log.Time, ct);
        var started = log.Time.GetTimestamp();

        // Entries behind an old snapshot may have been cleaned away: the next number would look free and is not.
        var isTrusted = log.Time.GetElapsedTime(known.SeenAt) <= DeltaLog.TrustedAge;
        var snapshot = isTrusted ? known : await log.LoadAsync(ct);
        for (var attempt = 1; ; attempt++)
        {
            if (FindConflict(planned, snapshot, change) is { } conflict)
            {
                CommitMetrics.Conflict(log, attempt);
                return new DeltaCommitResult(snapshot, conflict);
            }

            Check(snapshot, change);
            var isOurs = await PutAsync(snapshot.Version + 1, content, commit.CommitId!, ct);
            if (!isOurs)
            {
                // First the pause and then the look, so that the next attempt is made on what is newest.
                await Task.Delay(pause.BeforeNext(attempt + 1), log.Time, ct);
                (snapshot, isOurs) = await CatchUpAsync(snapshot, commit, ct);
            }
            else
            {
                snapshot = snapshot.Apply(commit) with { SeenAt = log.Time.GetTimestamp() };
            }

            if (isOurs)
            {
                var took = log.Time.GetElapsedTime(started);
                _waited = attempt > 1 ? took : TimeSpan.Zero;
                CommitMetrics.Committed(log, attempt, took);
                return new DeltaCommitResult(snapshot, null);
            }
        }
    }

    /// <summary>
    /// The newest version, and whether the entry that was in the way is ours: the store's answer to an earlier try of it was
    /// lost. Its files tell too, when the entries in between are not read; who takes them for not committed deletes them.
    /// </summary>
    private async ValueTask<(DeltaSnapshot Newest, bool IsOurs)> CatchUpAsync(DeltaSnapshot known, DeltaCommit commit, CancellationToken ct)
    {
        var isOurs = false;
        var newest = await log.RefreshAsync(known, entry => isOurs |= entry.CommitId == commit.CommitId, ct);
        isOurs |= commit.Adds.Any(a => newest.Files.ContainsKey(a.Path) || newest.Tombstones.ContainsKey(a.Path));
        return newest.Version > known.Version
            ? (newest, isOurs)
            : throw new InvalidDataException($"'{log.Store.Location}/{log.Folder}': version {known.Version + 1} is taken but cannot be read; the log was cleaned while this process slept. Run the command again.");
    }

    /// <summary>True when this call created the entry, also when the store failed after it had done so.</summary>
    private async ValueTask<bool> PutAsync(long version, byte[] content, string commitId, CancellationToken ct)
    {
        try
        {
            return await log.Store.PutIfAbsentAsync(log.Folder + DeltaNames.Commit(version), content, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if ((await log.ReadCommitAsync(version, ct))?.CommitId == commitId)
                return true;
            throw;
        }
    }

    /// <summary>Features may have come to the table while the change was made ready.</summary>
    private void Check(DeltaSnapshot snapshot, DeltaChange change)
    {
        TableAccess.CheckWritable(log.Location, snapshot, change.Removes.Count > 0);
        if ((change.Protocol ?? snapshot.Protocol) is { } protocol && (change.Metadata ?? snapshot.Metadata) is { } metadata)
            TableAccess.CheckTrue(protocol, metadata);
    }

    private DeltaCommit ToCommit(DeltaSnapshot planned, DeltaChange change)
    {
        var now = log.NowMs();
        return new DeltaCommit
        {
            CommitId = Guid.NewGuid().ToString("N"),
            Operation = change.Operation,
            TimestampMs = now,
            Protocol = change.Protocol,
            Metadata = change.Metadata,
            Story = CommitStories.Of(planned, change),
            Adds = [.. change.Adds.Select(a => a with { DataChange = change.DataChange })],
            Removes = [.. change.Removes.Select(path => planned.Files[path]).Select(f => new RemoveFile(f.Path, now)
            {
                DataChange = change.DataChange, PartitionValues = f.PartitionValues, Size = f.Size, LogPath = f.LogPath,
            })],
            Domains = [.. change.Domains.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => new DomainMetadata(d.Key, d.Value ?? "", d.Value is null))],
        };
    }

    /// <summary>
    /// Compares the two states rather than the entries in between: what the change touches must be as it was when it was
    /// planned, however the newer state was come by.
    /// </summary>
    private static DeltaConflict? FindConflict(DeltaSnapshot planned, DeltaSnapshot newest, DeltaChange change)
    {
        if (newest.Version == planned.Version)
            return null;
        if (newest.Metadata?.Id != planned.Metadata?.Id || newest.Metadata?.SchemaJson != planned.Metadata?.SchemaJson)
            throw new InvalidDataException($"The table was changed by another program while this one was writing (version {newest.Version}). Run the command again.");

        string[] domains = [.. change.Domains.Keys.Union(change.Requires).Where(d => planned.Domains.GetValueOrDefault(d) != newest.Domains.GetValueOrDefault(d)).Order(StringComparer.Ordinal)];
        string[] files = [.. change.Removes.Where(path => !newest.Files.ContainsKey(path))];
        var isOther = change.Metadata is not null && !(ReferenceEquals(newest.Metadata, planned.Metadata) && ReferenceEquals(newest.Protocol, planned.Protocol));
        return domains.Length + files.Length == 0 && !isOther ? null : new DeltaConflict(newest.Version, domains, files);
    }
}
