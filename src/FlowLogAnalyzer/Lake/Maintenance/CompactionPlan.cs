using System.Globalization;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>A job with what it finds to do.</summary>
/// <param name="Job">Its bounds.</param>
/// <param name="Bins">Files that become one each, in the order of time; no file is in two of them.</param>
/// <param name="Rows">In all of the files.</param>
public sealed record PlannedJob(CompactionJob Job, IReadOnlyList<IReadOnlyList<AddFile>> Bins, long Rows)
{
    public int Files => Bins.Sum(bin => bin.Count);
}

/// <summary>
/// Which files of a table are merged with which. A process that is given a job plans the same bins as the one that made the
/// job did, for as long as the files are the same; when they are not, it still touches none of another job.
/// </summary>
internal sealed class CompactionPlan(CompactOptions options, TimeProvider time)
{
    /// <summary>Jobs that have something to merge, by date and time.</summary>
    public IEnumerable<PlannedJob> Jobs(DeltaSnapshot snapshot) =>
        snapshot.Files.Values
            .GroupBy(TupleTable.PartitionDate)
            .Select(g => (Part: new CompactionJob(DateOnly.ParseExact(g.Key, "yyyy-MM-dd", CultureInfo.InvariantCulture)), Files: g))
            .Where(date => IsWanted(date.Part.Date))
            .OrderBy(date => date.Part.Date)
            .SelectMany(date => Divide(options.Job ?? date.Part, date.Files))
            .Where(job => job.Bins.Count > 0);

    /// <summary>
    /// A job ends with its last bin. Where many files begin at that very moment it goes on until the next one, since its
    /// bounds are times: then it is longer, and its last bin not full.
    /// </summary>
    private IEnumerable<PlannedJob> Divide(CompactionJob part, IEnumerable<AddFile> files)
    {
        var (from, draft) = (part.From, new Draft(options.TargetRows));
        foreach (var file in Small(part, files))
        {
            if (draft.BinsWith(file) > options.FilesPerJob && file.At > draft.Last)
            {
                yield return draft.ToJob(part with { From = from, To = file.At });
                (from, draft) = (file.At, new Draft(options.TargetRows));
            }

            draft.Add(file);
        }

        yield return draft.ToJob(part with { From = from });
    }

    /// <summary>A file of which the log does not say how many rows it has counts as large.</summary>
    private IEnumerable<SmallFile> Small(CompactionJob part, IEnumerable<AddFile> files) =>
        files
            .Select(file => (File: file, Facts: FileFacts.Of(file)))
            .Select(f => new SmallFile(f.File, f.Facts.Rows ?? long.MaxValue, part.At(f.Facts.MinTime)))
            .Where(f => f.Rows < options.TargetRows / 2 && part.Covers(f.At))
            .OrderBy(f => f.At).ThenBy(f => f.File.Path, StringComparer.Ordinal);

    private bool IsWanted(DateOnly date) =>
        options.Job is { } job ? date == job.Date : date < (options.Before ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-1));

    private readonly record struct SmallFile(AddFile File, long Rows, TimeOnly At);

    /// <summary>A job that is still being filled.</summary>
    private sealed class Draft(int targetRows)
    {
        private readonly List<List<AddFile>> _bins = [];
        private long _rowsOfLastBin;
        private long _rows;

        public TimeOnly Last { get; private set; }

        public int BinsWith(SmallFile file) => _bins.Count == 0 || _rowsOfLastBin + file.Rows > targetRows ? _bins.Count + 1 : _bins.Count;

        public void Add(SmallFile file)
        {
            if (BinsWith(file) > _bins.Count)
            {
                _bins.Add([]);
                _rowsOfLastBin = 0;
            }

            _bins[^1].Add(file.File);
            _rowsOfLastBin += file.Rows;
            _rows += file.Rows;
            Last = file.At;
        }

        /// <summary>Without a last bin of one file, which has no other to be merged with.</summary>
        public PlannedJob ToJob(CompactionJob job) =>
            _bins is [.., [_]] ? new PlannedJob(job, _bins[..^1], _rows - _rowsOfLastBin) : new PlannedJob(job, _bins, _rows);
    }
}
