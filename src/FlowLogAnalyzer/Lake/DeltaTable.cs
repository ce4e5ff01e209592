using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake;

/// <summary>A table of the lake: its log, the newest version this process knows, and checkpoints every so often.</summary>
public sealed class DeltaTable
{
    /// <summary>Removed files are remembered this long, so that a vacuum can honour any shorter retention.</summary>
    internal static readonly TimeSpan TombstoneRetention = TimeSpan.FromDays(30);

    private const int ActionsPerCommit = 125;

    private readonly TableDefinition _definition;
    private readonly LakeOptions _options;
    private readonly DeltaCommitter _committer;
    private readonly CheckpointWriter _checkpoints;
    private DeltaSnapshot _snapshot = DeltaSnapshot.None;

    internal DeltaTable(ILakeStore store, TableDefinition definition, LakeOptions options)
    {
        _definition = definition;
        _options = options;
        Log = new DeltaLog(store, definition.Name, options.Time);
        _committer = new DeltaCommitter(Log, options.Pause);
        _checkpoints = new CheckpointWriter(Log);
    }

    public DeltaLog Log { get; }

    /// <summary>The newest version; a table that does not exist has version -1.</summary>
    public async ValueTask<DeltaSnapshot> SnapshotAsync(CancellationToken ct)
    {
        var snapshot = await Log.RefreshAsync(_snapshot, null, ct);
        if (snapshot.Metadata is { } metadata && !ReferenceEquals(metadata, _snapshot.Metadata))
            TableColumns.Check(metadata, _definition, Log.Location);
        return _snapshot = snapshot;
    }

    /// <summary>The newest version of a table that may be written to; it is created when it does not exist.</summary>
    /// <exception cref="DeltaFeatureException">The table asks for what flowlog does not do.</exception>
    public async ValueTask<DeltaSnapshot> EnsureAsync(CancellationToken ct)
    {
        var snapshot = await WritableAsync(removes: false, ct);
        if (snapshot.Exists)
            return snapshot;

        var metadata = new DeltaMetadata(Guid.NewGuid().ToString(), DeltaSchema.Write(_definition.Columns), _definition.PartitionColumns, Log.NowMs())
        {
            Name = _definition.Name,
            Configuration = new Dictionary<string, string>([TableUpgrade.Statistics(_definition.Columns)]),
        };
        await Log.CreateAsync(_definition.HasPositions ? DeltaProtocol.WithDomains : DeltaProtocol.Plain, metadata, ct);
        return await SnapshotAsync(ct);
    }

    /// <summary>The newest version, once it is sure that it may be written to: asked before anything is made ready.</summary>
    /// <param name="removes">Whether files will be taken out as well.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="DeltaFeatureException">The table asks for what flowlog does not do.</exception>
    public async ValueTask<DeltaSnapshot> WritableAsync(bool removes, CancellationToken ct)
    {
        var snapshot = await SnapshotAsync(ct);
        TableAccess.CheckWritable(Log.Location, snapshot, removes);
        return snapshot;
    }

    /// <summary>True when the newest version known lets nobody change or take out rows.</summary>
    public bool TakesNewRowsOnly => TableAccess.TakesNewRowsOnly(_snapshot);

    /// <summary>Commits a change that was planned on <paramref name="planned"/>; on a conflict nothing is written.</summary>
    public async ValueTask<DeltaCommitResult> CommitAsync(DeltaSnapshot planned, DeltaChange change, CancellationToken ct)
    {
        var known = await UpgradeAsync(planned, change, ct);
        var result = await _committer.CommitAsync(planned, known, change, ct);
        _snapshot = result.Snapshot;
        if (result.Committed && IsCheckpointDue(result.Snapshot))
            await TryCheckpointAsync(result.Snapshot, ct);
        return result;
    }

    /// <summary>A table of an earlier release is made true before it is written to, by a commit of its own; returns the newest version known.</summary>
    private async ValueTask<DeltaSnapshot> UpgradeAsync(DeltaSnapshot planned, DeltaChange next, CancellationToken ct)
    {
        var snapshot = planned;
        while (TableUpgrade.Of(snapshot, _definition.Columns) is { } upgrade)
        {
            TableAccess.CheckWritable(Log.Location, snapshot, next.Removes.Count > 0);
            snapshot = (await _committer.CommitAsync(snapshot, snapshot, upgrade, ct)).Snapshot;
        }

        return snapshot;
    }

    public ValueTask CheckpointAsync(DeltaSnapshot snapshot, CancellationToken ct) =>
        _checkpoints.WriteAsync(snapshot, (_options.Time.GetUtcNow() - TombstoneRetention).ToUnixTimeMilliseconds(), ct);

    /// <summary>
    /// A checkpoint costs as much as the table is large, so large tables have them less often: every 10, 20, 40 ... commits,
    /// so that all writers agree on which. Reading as many small entries behind the checkpoint costs a reader about as much.
    /// </summary>
    private bool IsCheckpointDue(DeltaSnapshot snapshot)
    {
        var every = (long)_options.CheckpointEvery;
        while (every < (snapshot.Files.Count + snapshot.Domains.Count + snapshot.Tombstones.Count) / ActionsPerCommit)
            every *= 2;
        return snapshot.Version % every == 0;
    }

    /// <summary>The commit is durable: that its checkpoint failed must not make it look undone. The next one tries again.</summary>
    private async ValueTask TryCheckpointAsync(DeltaSnapshot snapshot, CancellationToken ct)
    {
        try
        {
            await CheckpointAsync(snapshot, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _options.OnWarning?.Invoke($"No checkpoint of version {snapshot.Version} could be written: {e.Message}");
        }
    }
}

/// <summary>What a table is called and what it holds.</summary>
internal sealed record TableDefinition(string Name, IReadOnlyList<Column> Columns)
{
    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    public bool HasPositions { get; init; }
}
