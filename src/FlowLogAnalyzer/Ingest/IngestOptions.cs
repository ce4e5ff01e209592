using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Ingest;

/// <summary>
/// How an ingest runs. Memory is bounded by these numbers and not by any blob: by about <see cref="RowsAtOnce"/> rows of 80
/// bytes, and by 30 bytes for each row that is encoded at the moment.
/// </summary>
public sealed record IngestOptions(FlowLake Lake)
{
    public static TimeSpan UsualHourGrace { get; } = TimeSpan.FromMinutes(10);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Which blob hours to read.</summary>
    public BlobWindow Window { get; init; } = new();

    /// <summary>Blobs that are read and parsed at the same time.</summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>Files that are encoded at the same time: one processor's work each, so that none waits while the other encodes.</summary>
    public int Encoders { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Rows that make a commit.</summary>
    public int CommitRows { get; init; } = 256 * 1024;

    /// <summary>Blobs that make a commit, however few rows they have.</summary>
    public int CommitBlobs { get; init; } = 5_000;

    /// <summary>What was parsed waits at most this long for others to share its commit.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Rows of one blob kept in memory; more of them go to files that are committed with the blob, or deleted.</summary>
    public int SpillRows { get; init; } = 256 * 1024;

    /// <summary>Rows per batch that the parser hands over: with the last record a little less than a power of two.</summary>
    public int BatchRows { get; init; } = 14 * 1024;

    /// <summary>Batches of an earlier run that did not run at the same time. Null = the run makes its own, and they go with it.</summary>
    public TupleBatchPool? Batches { get; init; }

    /// <summary>The parser's strict mode.</summary>
    public bool Strict { get; init; }

    /// <summary>How often a blob that changes while it is read is looked at again before it is left to the next run.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>How long storage may take to answer.</summary>
    public Patience Patience { get; init; } = new();

    /// <summary>An hour counts as closed this long after its end; later commits are taken all the same.</summary>
    public TimeSpan HourGrace { get; init; } = UsualHourGrace;

    /// <summary>Over a network most of the time of a small blob is waiting: more of them at once, with less memory for each.</summary>
    public IngestOptions ForRemoteSources() => this with { Workers = RemoteWorkers, SpillRows = 128 * 1024 };

    /// <summary>For <see cref="Batches"/> of several runs.</summary>
    public TupleBatchPool NewBatches() => new(RowsAtOnce);

    /// <summary>Groups of blobs on their way to the lake: one that is collected, and one for every encoder.</summary>
    internal int GroupsAtOnce => 1 + Encoders;

    /// <summary>Rows in memory: those of the groups, those of the blobs that are read, and what batches have that they do not fill.</summary>
    internal long RowsAtOnce => (7L * GroupsAtOnce * CommitRows / 4) + ((long)Workers * SpillRows / 2);

    private const int RemoteWorkers = 8;
}
