namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>What a reader and a writer must be able to do (Delta transaction log protocol, "Protocol Evolution").</summary>
public sealed record DeltaProtocol(int MinReaderVersion, int MinWriterVersion, IReadOnlyList<string> ReaderFeatures, IReadOnlyList<string> WriterFeatures)
{
    /// <summary>Reader 1 keeps the table open to every engine; domains are for the reading positions, invariants are columns that are never null.</summary>
    public static DeltaProtocol WithDomains { get; } = new(1, 7, [], [FeatureNames.DomainMetadata, FeatureNames.Invariants]);

    /// <summary>Writer 2 has the feature invariants by its number.</summary>
    public static DeltaProtocol Plain { get; } = new(1, 2, [], []);
}

public sealed record DeltaMetadata(string Id, string SchemaJson, IReadOnlyList<string> PartitionColumns, long CreatedTimeMs)
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();
}

/// <summary>A data file that belongs to the table; <paramref name="Path"/> is relative to the table's folder.</summary>
public sealed record AddFile(string Path, IReadOnlyDictionary<string, string?> PartitionValues, long Size, long ModificationTimeMs)
{
    /// <summary>The statistics as JSON text, as they stand in the log.</summary>
    public string? Stats { get; init; }

    public bool DataChange { get; init; } = true;

    /// <summary>What a writer noted about the file, such as its digest; kept as it is.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>The path as another writer spelled it in the log, when that is not <see cref="Path"/>: what takes the file out has to say the same.</summary>
    public string? LogPath { get; init; }
}

/// <summary>A data file that no longer belongs to the table; it stays on disk until a vacuum.</summary>
public sealed record RemoveFile(string Path, long DeletionTimestampMs)
{
    public bool DataChange { get; init; } = true;

    public IReadOnlyDictionary<string, string?> PartitionValues { get; init; } = new Dictionary<string, string?>();

    public long Size { get; init; }

    /// <summary>The path as it stands in the log, when that is not <see cref="Path"/>.</summary>
    public string? LogPath { get; init; }

    /// <summary>The statistics of the file, where a writer repeats them.</summary>
    public string? Stats { get; init; }
}

/// <summary>How far an application that writes to the table has come; kept for it.</summary>
public sealed record AppTransaction(string AppId, long Version, long? LastUpdatedMs);

/// <summary>A named text of the table; one per blob holds its reading position.</summary>
public sealed record DomainMetadata(string Domain, string Configuration, bool Removed);

/// <summary>Everything in one entry of the log.</summary>
public sealed record DeltaCommit
{
    /// <summary>Told apart from other writers' entries by this text, so that a writer recognises its own after a lost answer.</summary>
    public string? CommitId { get; init; }

    public string Operation { get; init; } = "WRITE";

    public long TimestampMs { get; init; }

    public DeltaProtocol? Protocol { get; init; }

    public DeltaMetadata? Metadata { get; init; }

    public IReadOnlyList<AddFile> Adds { get; init; } = [];

    public IReadOnlyList<RemoveFile> Removes { get; init; } = [];

    public IReadOnlyList<DomainMetadata> Domains { get; init; } = [];

    public IReadOnlyList<AppTransaction> Transactions { get; init; } = [];

    /// <summary>Who wrote it and what it did.</summary>
    public CommitStory Story { get; init; } = new();
}
