using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Lake;

/// <summary>A table of the lake: its log, the newest version this process knows, and checkpoints every so often.</summary>
public sealed class DeltaTable
{
    /// <summary>Removed files are remembered this long, so that a vacuum can honour any shorter retention.</summary>
    internal static readonly TimeSpan TombstoneRetention = TimeSpan.FromDays(30);

    private readonly TableDefinition _definition;
    private readonly LakeOptions _options;
    private DeltaSnapshot _snapshot = DeltaSnapshot.None;

    internal DeltaTable(ILakeStore store, TableDefinition definition, LakeOptions options)
    {
        _definition = definition;
        _options = options;
        Log = new DeltaLog(store, definition.Name, options.Time);
    }

    public DeltaLog Log { get; }

    /// <summary>The newest version; a table that does not exist has version -1.</summary>
    public async ValueTask<DeltaSnapshot> SnapshotAsync(CancellationToken ct)
    {
        var snapshot = await Log.RefreshAsync(_snapshot, ct);
        if (snapshot.Metadata is { } metadata && !DeltaSchema.Matches(metadata.SchemaJson, _definition.Columns))
            throw new InvalidDataException($"The table '{_definition.Name}' in '{Log.Store.Location}' has other columns than this version of flowlog writes. Use a new lake folder, or the version that made this one.");
        return _snapshot = snapshot;
    }

    /// <summary>The newest version; the table is created when it does not exist.</summary>
    public async ValueTask<DeltaSnapshot> EnsureAsync(CancellationToken ct)
    {
        var snapshot = await SnapshotAsync(ct);
        if (snapshot.Exists)
            return snapshot;

        var metadata = new DeltaMetadata(Guid.NewGuid().ToString(), DeltaSchema.Write(_definition.Columns), _definition.PartitionColumns, Log.NowMs()) { Name = _definition.Name };
        await Log.CreateAsync(_definition.HasPositions ? DeltaProtocol.WithDomains : DeltaProtocol.Plain, metadata, ct);
        return await SnapshotAsync(ct);
    }

    /// <summary>Commits a change that was planned on <paramref name="planned"/>; on a conflict nothing is written.</summary>
    public async ValueTask<DeltaCommitResult> CommitAsync(DeltaSnapshot planned, DeltaChange change, CancellationToken ct)
    {
        var result = await Log.CommitAsync(planned, change, ct);
        _snapshot = result.Snapshot;
        (result.Committed ? FlowLogMeters.Commits : FlowLogMeters.Conflicts).Add(1, new KeyValuePair<string, object?>("table", _definition.Name));
        if (result.Committed && result.Snapshot.Version % _options.CheckpointEvery == 0)
            await TryCheckpointAsync(result.Snapshot, ct);
        return result;
    }

    public ValueTask CheckpointAsync(DeltaSnapshot snapshot, CancellationToken ct) =>
        DeltaCheckpoint.WriteAsync(Log, snapshot, (_options.Time.GetUtcNow() - TombstoneRetention).ToUnixTimeMilliseconds(), ct);

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
