using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>What lies in a <c>_delta_log</c>: which entries there are and from which checkpoints they can be read on.</summary>
internal sealed class DeltaLogFiles
{
    /// <summary>What to do about a log that lost something.</summary>
    public const string Mend = "Nothing was read or changed. Put the file back from a copy of the lake; without one, ingest the logs into a new lake.";

    private readonly SortedDictionary<long, Dictionary<int, List<string>>> _parts = [];
    private readonly SortedDictionary<long, string[]> _checkpoints = [];

    /// <summary>A checkpoint of the form that flowlog does not read, when there is one.</summary>
    public string? V2Checkpoint { get; private set; }

    /// <summary>The newest version that anything in the log is of; -1 when there is nothing.</summary>
    public long Newest { get; private set; } = -1;

    /// <summary>Complete checkpoints of one file or several, the newest first.</summary>
    public IEnumerable<(long Version, string[] Paths)> Checkpoints => _checkpoints.Reverse().Select(c => (c.Key, c.Value));

    public static async ValueTask<DeltaLogFiles> ListAsync(ILakeStore store, string folder, CancellationToken ct)
    {
        var files = new DeltaLogFiles();
        await foreach (var file in store.ListAsync(folder + DeltaNames.Folder, ct))
            files.Take(file.Path, folder + DeltaNames.Folder);
        files.Complete();
        return files;
    }

    private void Take(string path, string folder)
    {
        if (path.AsSpan(folder.Length).Contains('/'))
            return; // sidecars and what others keep below the log
        if (DeltaNames.CommitVersion(path) is { } commit)
            Saw(commit);
        else if (DeltaNames.CheckpointVersion(path) is { } version)
            _checkpoints[Saw(version)] = [path];
        else if (DeltaNames.CheckpointPart(path) is { } part)
            Add(path, part.Version, part.Of);
        else if (DeltaNames.IsV2Checkpoint(path))
            (V2Checkpoint, _) = (path, Saw(DeltaNames.AnyVersion(path)!.Value));
    }

    private long Saw(long version)
    {
        Newest = Math.Max(Newest, version);
        return version;
    }

    private void Add(string path, long version, int of)
    {
        if (!_parts.TryGetValue(version, out var parts))
            _parts.Add(version, parts = []);
        if (!parts.TryGetValue(of, out var paths))
            parts.Add(of, paths = []);
        paths.Add(path);
    }

    /// <summary>Checkpoints in parts count when every part is there; one file of the same version is preferred.</summary>
    private void Complete()
    {
        foreach (var (version, parts) in _parts)
            if (parts.FirstOrDefault(p => p.Value.Count == p.Key) is { Value: { } paths })
                _checkpoints.TryAdd(Saw(version), [.. paths.Order(StringComparer.Ordinal)]);
    }
}
