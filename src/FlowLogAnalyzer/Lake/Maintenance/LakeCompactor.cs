using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>What a compaction may do.</summary>
public sealed record CompactOptions
{
    /// <summary>Files are merged until they have this many rows; larger files stay as they are. Bounds the memory: about 150 bytes per row and worker.</summary>
    public int TargetRows { get; init; } = 500_000;

    /// <summary>Files that are written at the same time.</summary>
    public int Workers { get; init; } = Math.Min(4, Environment.ProcessorCount);

    /// <summary>Only dates before this one; null = dates before yesterday, which get hardly any more rows.</summary>
    public DateOnly? Before { get; init; }

    /// <summary>This alone, whatever <see cref="Before"/> says.</summary>
    public CompactionJob? Job { get; init; }

    /// <summary>
    /// Merged files that a job ends with. Few enough to be done within a minute; many enough that the look at all files of
    /// the date, with which every job begins, is a small part of it (docs/scale.md, "Upkeep").
    /// </summary>
    public int FilesPerJob { get; init; } = 32;
}

/// <summary>What a compaction did.</summary>
public sealed record CompactResult(int FilesBefore, int FilesAfter, long Rows, int Commits, int Conflicts);

/// <summary>
/// Merges small files of a date into sorted larger ones. The rows of the table stay the same: a reader sees the old files
/// or the new one, never both. Safe beside any number of ingests.
/// </summary>
public sealed class LakeCompactor(FlowLake lake, TimeProvider time)
{
    public async ValueTask<CompactResult> RunAsync(CompactOptions options, CancellationToken ct = default)
    {
        var snapshot = await lake.Tuples.Delta.WritableAsync(removes: true, ct);
        using var run = new Run(lake.Tuples, snapshot, options);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = ct, TaskScheduler = TaskScheduler.Current };
        await Parallel.ForEachAsync(new CompactionPlan(options, time).Jobs(snapshot).SelectMany(job => job.Bins), parallel, run.MergeAsync);
        return run.Result;
    }

    /// <summary>What there is to merge, in parts that can be done by different processes at the same time.</summary>
    public async ValueTask<IReadOnlyList<PlannedJob>> JobsAsync(CompactOptions options, CancellationToken ct = default) =>
        [.. new CompactionPlan(options, time).Jobs(await lake.Tuples.Delta.WritableAsync(removes: true, ct))];

    /// <summary>Merges bins side by side, and commits one after the other.</summary>
    private sealed class Run(TupleTable table, DeltaSnapshot planned, CompactOptions options) : IDisposable
    {
        private readonly FileMerger _merger = new(table, 2L * options.TargetRows * options.Workers);
        private readonly SemaphoreSlim _committing = new(1, 1);
        private readonly WideFiles? _wide = WideFiles.Of(table, planned);
        private DeltaSnapshot _snapshot = planned;

        public CompactResult Result { get; private set; } = new(0, 0, 0, 0, 0);

        public async ValueTask MergeAsync(IReadOnlyList<AddFile> bin, CancellationToken ct)
        {
            var merged = _wide is null ? await _merger.MergeAsync(bin, ct) : await _wide.MergeAsync(bin, ct);
            await _committing.WaitAsync(ct);
            try
            {
                if (await TryCommitAsync(bin, merged))
                    return;

                // An ingest has replaced rows in one of the files: the next compaction gets to it.
                await table.Writer.DeleteAsync([merged]);
                Result = Result with { Conflicts = Result.Conflicts + 1 };
            }
            finally
            {
                _committing.Release();
            }
        }

        public void Dispose()
        {
            _merger.Dispose();
            _committing.Dispose();
        }

        private async ValueTask<bool> TryCommitAsync(IReadOnlyList<AddFile> bin, AddFile merged)
        {
            if (!bin.All(f => _snapshot.Files.ContainsKey(f.Path)))
                return false;

            var change = new DeltaChange("OPTIMIZE")
            {
                Adds = [merged],
                Removes = [.. bin.Select(f => f.Path)],
                DataChange = false,
                Parameters = new Dictionary<string, string>
                {
                    ["predicate"] = $"[\"{FlowColumns.Partition} = '{TupleTable.PartitionDate(merged)}'\"]",
                    ["targetRows"] = options.TargetRows.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    ["reason"] = "small files of a date become larger, sorted ones",
                },
            };
            var result = await table.Delta.CommitAsync(_snapshot, change, CancellationToken.None);
            _snapshot = result.Snapshot;
            if (!result.Committed)
                return false;
            var rows = FileFacts.Of(merged).Rows ?? 0;
            Result = new CompactResult(Result.FilesBefore + bin.Count, Result.FilesAfter + 1, Result.Rows + rows, Result.Commits + 1, Result.Conflicts);
            return true;
        }
    }
}
