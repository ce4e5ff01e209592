using System.Collections.Concurrent;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Parsing;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Ingest;

/// <summary>The counters of every stage of one run, and what it must not lose track of.</summary>
internal sealed class RunState(IngestOptions options)
{
    private readonly long _start = options.Time.GetTimestamp();
    private readonly ConcurrentBag<Refusal> _refused = [];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _rejected = [];
    private readonly Dictionary<string, long> _rejectedRecords = [];
    private readonly List<Rejection> _samples = [];
    private readonly List<Replacement> _replacements = [];
    private readonly ConcurrentDictionary<string, AddFile> _uncommitted = new(StringComparer.Ordinal);
    private long _seen;
    private long _read;
    private long _unchanged;
    private long _skipped;
    private long _failed;
    private long _dropped;
    private long _flowLogs;
    private long _records;
    private long _tuples;
    private long _rows;
    private long _fileRows;
    private long _files;
    private long _commits;
    private long _replaced;
    private long _bytesListed;
    private long _bytesRead;
    private long _bytesAccounted;
    private long _tuplesParsed;
    private TimeSpan? _lag;

    public IngestOptions Options { get; } = options;

    /// <summary>Batches between their commit and their next use.</summary>
    public TupleBatchPool Pool { get; } = options.Batches ?? options.NewBatches();

    /// <summary>Blobs that another writer was faster with: they are planned again when the rest is done.</summary>
    public ConcurrentQueue<BlobPlan> Again { get; } = [];

    /// <summary>Set when everything was listed.</summary>
    public bool ListingDone { get; set; }

    public void Listed() => Interlocked.Increment(ref _seen);

    public void ToRead(long bytes) => Interlocked.Add(ref _bytesListed, bytes);

    /// <summary>Damage stays a failure for as long as the blob is what it is, also when nothing is left to read.</summary>
    public void Unchanged(BlobPlan plan)
    {
        if (plan.Position is { Outcome: BlobOutcomes.Damaged, Message: var message })
        {
            Failed(plan.Blob.Path, message ?? $"'{plan.Blob.Path}' is damaged.", ofContent: true);
            return;
        }

        if (plan.Position?.Outcome != BlobOutcomes.Skipped)
            Interlocked.Increment(ref _flowLogs);
        Interlocked.Increment(ref _unchanged);
        Meter("unchanged");
    }

    /// <summary>The lake has read more of this blob than this copy holds.</summary>
    public void Older(BlobPlan plan)
    {
        Interlocked.Increment(ref _flowLogs);
        Skipped(plan.Blob.Path, ShorterCopy.Message(plan));
    }

    public void TookBytes(long count) => Interlocked.Add(ref _bytesRead, count);

    /// <summary>Bytes that some stage has answered for: parsed, compared with an anchor, or dropped with a failed attempt.</summary>
    public void Accounted(long bytes) => Interlocked.Add(ref _bytesAccounted, bytes);

    public void Parsed(long tuples) => Interlocked.Add(ref _tuplesParsed, tuples);

    public void Skipped(string path, string message)
    {
        Interlocked.Increment(ref _skipped);
        Meter("skipped");
        _refused.Add(new Refusal(path, RefusalKind.Skipped, message));
    }

    /// <summary>A blob of a date that the lake no longer keeps. There may be very many of them: the first speaks for all.</summary>
    public void Dropped(string path)
    {
        Interlocked.Increment(ref _skipped);
        if (Interlocked.Increment(ref _dropped) == 1)
            _refused.Add(new Refusal(path, RefusalKind.Skipped, $"'{path}', and whatever else is as old, is of a date that this lake no longer keeps (flowlog lake retain). Read it into another lake."));
    }

    /// <param name="path">The blob or place.</param>
    /// <param name="message">Why, a whole sentence.</param>
    /// <param name="ofContent">True when it will fail again for as long as nobody writes it anew.</param>
    /// <param name="isForeign">True for a file that neither looks like a flow log nor is named like one.</param>
    public void Failed(string path, string message, bool ofContent = false, bool isForeign = false)
    {
        Interlocked.Increment(ref _failed);
        Meter("failed");
        _refused.Add(new Refusal(path, RefusalKind.Failed, message) { OfContent = ofContent, IsForeign = isForeign });
    }

    public void Wrote(AddFile file) => _uncommitted[file.Path] = file;

    /// <summary>The files are committed, or may be: from now on nobody deletes them.</summary>
    public void HandOver(IEnumerable<AddFile> files)
    {
        foreach (var file in files)
            _uncommitted.TryRemove(file.Path, out _);
    }

    public IReadOnlyCollection<AddFile> Uncommitted => [.. _uncommitted.Values];

    /// <summary>Counts a commit: its blobs, its files with new rows, and how many rows of earlier readings it took out.</summary>
    public void Committed(IReadOnlyList<ReadBlob> blobs, IReadOnlyList<AddFile> files, long replaced)
    {
        lock (_gate)
        {
            _commits++;
            _files += files.Count;
            _fileRows += files.Sum(f => FileFacts.Of(f).Rows ?? 0);
            _replaced += replaced;
            foreach (var blob in blobs)
            {
                Count(blob);
                if (blob is { Plan: { Replaces: true, Position: { } old }, Result: { } result })
                    _replacements.Add(new Replacement(blob.Plan.Blob.Path, old.Rows, result.Rows));
                if (blob.Result is not null)
                    Waited(Options.Time.GetUtcNow() - blob.Plan.Blob.LastModified);
            }
        }
    }

    public IngestProgress Progress() => new(
        Interlocked.Read(ref _seen),
        Interlocked.Read(ref _read) + Interlocked.Read(ref _unchanged) + Interlocked.Read(ref _skipped) + Interlocked.Read(ref _failed),
        Interlocked.Read(ref _bytesListed),
        Interlocked.Read(ref _bytesRead),
        Interlocked.Read(ref _tuplesParsed),
        Interlocked.Read(ref _rows),
        ListingDone,
        Options.Time.GetElapsedTime(_start));

    /// <summary>The summary, once the books balance.</summary>
    /// <exception cref="ConservationException">They do not: something was lost or counted twice.</exception>
    public IngestSummary Close()
    {
        var summary = new IngestSummary
        {
            Blobs = new BlobCounts(_seen, _read, _unchanged, _skipped, _failed),
            FlowLogs = _flowLogs,
            Records = _records,
            Tuples = _tuples,
            Rows = _rows,
            Rejected = _rejected,
            RejectedRecords = _rejectedRecords,
            BytesRead = _bytesRead,
            Files = _files,
            Commits = _commits,
            RowsReplaced = _replaced,
            Replaced = [.. _replacements.OrderBy(r => r.Blob, StringComparer.Ordinal)],
            Lag = _lag,
            Seconds = Options.Time.GetElapsedTime(_start).TotalSeconds,
            Refused = [.. _refused.OrderBy(r => r.Blob, StringComparer.Ordinal).ThenBy(r => r.Message, StringComparer.Ordinal)],
            Samples = [.. _samples.OrderBy(s => s.Blob, StringComparer.Ordinal).ThenBy(s => s.Offset).Take(20)],
        };
        Conservation.Check("tuples = rows + rejected", _tuples, _rows + summary.RejectedTotal);
        Conservation.Check("rows counted by the parser = rows in committed files", _rows, _fileRows);
        Conservation.Check("blobs seen = read + unchanged + skipped + failed", _seen, _read + _unchanged + _skipped + _failed);
        Conservation.Check("bytes read = bytes accounted for", _bytesRead, _bytesAccounted);
        return summary;
    }

    private void Count(ReadBlob blob)
    {
        if (blob.Position.Outcome == BlobOutcomes.Incomplete && blob.Plan.HourClosed)
            _refused.Add(new Refusal(blob.Plan.Blob.Path, RefusalKind.Incomplete, blob.Position.Message ?? "It ends in the middle of a record although its hour is over. The whole records before are in the lake."));
        if (blob.Result is not { } result)
        {
            Unchanged(blob.Plan with { Position = blob.Position });
            return;
        }

        if (blob.Position.Outcome == BlobOutcomes.Skipped)
        {
            Skipped(blob.Plan.Blob.Path, blob.Position.Message ?? "It is not a flow log.");
            return;
        }

        Interlocked.Increment(ref _flowLogs);
        if (blob.Position.Outcome == BlobOutcomes.Damaged)
            Failed(blob.Plan.Blob.Path, blob.Position.Message!, ofContent: true);
        else
            Interlocked.Increment(ref _read);
        Meter(result, blob.Position.Outcome == BlobOutcomes.Damaged);
        _records += result.Records;
        _tuples += result.TuplesSeen;
        Interlocked.Add(ref _rows, result.Rows);
        Add(_rejected, result.Rejected);
        Add(_rejectedRecords, result.RejectedRecords);
        _samples.AddRange(result.Samples.Take(Math.Max(0, 200 - _samples.Count)));
    }

    private void Waited(TimeSpan waited)
    {
        FlowLogMeters.Lag.Record(waited.TotalSeconds);
        if (_lag is null || waited > _lag)
            _lag = waited;
    }

    private static void Meter(string outcome) => FlowLogMeters.Blobs.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private static void Meter(BlobReadResult result, bool isDamaged)
    {
        if (!isDamaged)
            Meter("read");
        FlowLogMeters.Bytes.Add(result.BytesRead);
        FlowLogMeters.Tuples.Add(result.TuplesSeen);
        FlowLogMeters.Rows.Add(result.Rows);
        foreach (var (reason, count) in result.Rejected)
            FlowLogMeters.Rejects.Add(count, new KeyValuePair<string, object?>("reason", reason.ToString()));
    }

    private static void Add(Dictionary<string, long> to, IReadOnlyDictionary<RejectionReason, long> from)
    {
        foreach (var (reason, count) in from)
            to[reason.ToString()] = to.GetValueOrDefault(reason.ToString()) + count;
    }
}
