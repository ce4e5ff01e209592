using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;
using Parquet;

namespace FlowLogAnalyzer.Lake;

/// <summary>How a lake is opened.</summary>
public sealed record LakeOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>True: a lake that does not exist is an error. For everything that only reads.</summary>
    public bool MustExist { get; init; }

    /// <summary>Commits between two checkpoints of a small table; large ones have them less often.</summary>
    public int CheckpointEvery { get; init; } = 10;

    /// <summary>Between attempts to commit when other writers are faster.</summary>
    public CommitPause Pause { get; init; } = new();

    /// <summary>Of data files; the level is always the fastest.</summary>
    public CompressionMethod Compression { get; init; } = CompressionMethod.Snappy;

    /// <summary>Told about what went wrong without harm.</summary>
    public Action<string>? OnWarning { get; init; }

    /// <summary>How a lake in Azure is reached.</summary>
    public StorageAccess Access { get; init; } = new();

    /// <summary>Where copies of a remote lake's files are kept; null = <see cref="LakeFileCache.DefaultFolder"/>.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Bytes of copies that are kept beyond what a query needs.</summary>
    public long CacheBytes { get; init; } = 8L << 30;

    /// <summary>Wraps the storage; tests use it to make storage fail.</summary>
    public Func<ILakeStore, ILakeStore>? WrapStore { get; init; }
}
