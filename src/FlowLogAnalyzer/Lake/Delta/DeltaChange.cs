namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>What a writer wants to become the next version: all of it or nothing.</summary>
public sealed record DeltaChange(string Operation)
{
    public IReadOnlyList<AddFile> Adds { get; init; } = [];

    /// <summary>Paths of active files.</summary>
    public IReadOnlyList<string> Removes { get; init; } = [];

    /// <summary>Domain name to its new text; null takes the domain away.</summary>
    public IReadOnlyDictionary<string, string?> Domains { get; init; } = new Dictionary<string, string?>();

    /// <summary>The protocol from then on; null = as it is.</summary>
    internal DeltaProtocol? Protocol { get; init; }

    /// <summary>The metadata from then on; null = as it is.</summary>
    internal DeltaMetadata? Metadata { get; init; }

    /// <summary>How it was done and why, for the table's history.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Domains that must be as they were when the change was planned, although it does not touch them.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <summary>False when the rows of the table stay the same, as in a compaction.</summary>
    public bool DataChange { get; init; } = true;
}

/// <summary>Another writer was first and touched what this change touches; nothing was written.</summary>
/// <param name="Version">The version that won.</param>
/// <param name="Domains">Domains that both change.</param>
/// <param name="Files">Files that both remove.</param>
public sealed record DeltaConflict(long Version, IReadOnlyList<string> Domains, IReadOnlyList<string> Files);

/// <summary>The table after the commit, or after the version that won when there is a <paramref name="Conflict"/>.</summary>
public sealed record DeltaCommitResult(DeltaSnapshot Snapshot, DeltaConflict? Conflict)
{
    public bool Committed => Conflict is null;
}
