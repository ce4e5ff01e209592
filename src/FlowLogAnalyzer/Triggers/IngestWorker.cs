using System.Threading.Channels;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Ingest;

namespace FlowLogAnalyzer.Triggers;

/// <summary>How work items are put together.</summary>
public sealed record IngestWorkerOptions(IngestOptions Ingest, SourceRoots Sources)
{
    /// <summary>Invocations that may wait; more of them hold their callers back.</summary>
    public int Capacity { get; init; } = 256;

    /// <summary>Work items that share a commit at most.</summary>
    public int MaxGroup { get; init; } = 500;

    /// <summary>How long the first of a group waits for others.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A group that takes longer is stopped; what it has committed stays.</summary>
    public TimeSpan GroupTimeout { get; init; } = TimeSpan.FromMinutes(9);

    /// <summary>Told what each run of the pipeline did.</summary>
    public Action<IngestSummary>? OnRun { get; init; }
}

/// <summary>What became of a work item.</summary>
public enum WorkOutcome
{
    /// <summary>The lake holds the blob as it was when it was looked at, or knows that there is nothing in it.</summary>
    Done,

    /// <summary>The lake had that state already; the source was not asked.</summary>
    Known,

    /// <summary>Not now; trying again may help.</summary>
    Failed,

    /// <summary>Not by this process, which is at another compaction.</summary>
    Declined,

    /// <summary>Its content cannot be read. Trying again helps when somebody has written it anew, of which there will be an event.</summary>
    Broken,

    /// <summary>A right is missing, which no trying brings.</summary>
    Denied,

    /// <summary>Never: it lies outside of the places that may be read.</summary>
    Refused,
}

/// <summary>An outcome, and a sentence when there is something to say.</summary>
public sealed record WorkResult(WorkItem Item, WorkOutcome Outcome, string? Message = null)
{
    /// <summary>As a line of a log.</summary>
    public override string ToString() => $"{Outcome}: {Item.Url}{(Message is null ? "" : $" ({Message})")}";
}

/// <summary>
/// One lane for all invocations of a process: those that arrive together share one run of the pipeline, and so one commit.
/// Without it, writers of one process would race each other for the lake's log.
/// </summary>
public sealed class IngestWorker : IAsyncDisposable
{
    private sealed record Request(IReadOnlyList<WorkItem> Items, TaskCompletionSource<IReadOnlyList<WorkResult>> Answer);

    private readonly IngestWorkerOptions _options;
    private readonly Channel<Request> _requests;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _lane;
    private long _groups;

    public IngestWorker(IngestWorkerOptions options)
    {
        _options = options;
        _requests = Channel.CreateBounded<Request>(options.Capacity);
        _lane = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>Runs of the pipeline so far.</summary>
    public long Groups => Interlocked.Read(ref _groups);

    /// <summary>Waits until the items are in the lake, or why they are not; results are in the items' order.</summary>
    /// <exception cref="OperationCanceledException">The caller waits no longer. The work goes on, and doing it again is harmless.</exception>
    public async Task<IReadOnlyList<WorkResult>> IngestAsync(IReadOnlyList<WorkItem> items, CancellationToken ct)
    {
        if (items.Count == 0)
            return [];

        var request = new Request(items, new TaskCompletionSource<IReadOnlyList<WorkResult>>(TaskCreationOptions.RunContinuationsAsynchronously));
        await _requests.Writer.WriteAsync(request, ct);
        return await request.Answer.Task.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        await _stop.CancelAsync();
        await _lane.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        while (await _requests.Reader.WaitToReadAsync(ct))
        {
            var group = await GatherAsync(ct);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(_options.GroupTimeout);
            try
            {
                Interlocked.Increment(ref _groups);
                var results = await RunGroupAsync([.. group.SelectMany(r => r.Items).Distinct()], patience.Token);
                foreach (var request in group)
                    request.Answer.TrySetResult([.. request.Items.Select(i => results[i])]);
            }
#pragma warning disable CA1031 // Whatever went wrong belongs to those who wait for this group, and the lane goes on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                var outcome = e is StorageDeniedException ? WorkOutcome.Denied : WorkOutcome.Failed;
                foreach (var request in group)
                    request.Answer.TrySetResult([.. request.Items.Select(i => new WorkResult(i, outcome, e.Message))]);
            }
        }
    }

    private async Task<List<Request>> GatherAsync(CancellationToken ct)
    {
        var group = new List<Request>();
        await Task.Delay(_options.Linger, _options.Ingest.Time, ct);
        while (group.Sum(r => r.Items.Count) < _options.MaxGroup && _requests.Reader.TryRead(out var request))
            group.Add(request);
        return group;
    }

    private async Task<Dictionary<WorkItem, WorkResult>> RunGroupAsync(List<WorkItem> items, CancellationToken ct)
    {
        var results = new Dictionary<WorkItem, WorkResult>();
        var snapshot = await _options.Ingest.Lake.Tuples.SnapshotAsync(ct);
        var wanted = new List<(WorkItem Item, IBlobSource Source, SourceBlob Blob)>();
        foreach (var item in items)
        {
            if (_options.Sources.Find(item) is not var (source, blob))
                results[item] = new WorkResult(item, WorkOutcome.Refused, $"'{item.Url}' lies in none of the places that may be read.");
            else if (item.ETag is { } etag && (await _options.Ingest.Lake.Tuples.Archive.FindAsync(snapshot, blob.Identity.Key, ct))?.ETag == etag)
                results[item] = new WorkResult(item, WorkOutcome.Known);
            else
                wanted.Add((item, source, blob));
        }

        if (wanted.Count == 0)
            return results;

        var sources = wanted.GroupBy(w => w.Source).Select(IBlobSource (g) => new NamedBlobs(new PatientSource(g.Key, _options.Ingest.Patience, _options.Ingest.Time), [.. g.Select(w => w.Blob).DistinctBy(b => b.Path)])).ToList();
        var summary = await IngestPipeline.RunAsync(_options.Ingest, sources, null, ct);
        _options.OnRun?.Invoke(summary);
        var refused = summary.Refused.GroupBy(r => r.Blob).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var (item, _, blob) in wanted)
        {
            var refusal = refused.GetValueOrDefault(blob.Path);
            results[item] = new WorkResult(item, Outcome(refusal), refusal?.Message);
        }

        return results;
    }

    private static WorkOutcome Outcome(Refusal? refusal) => refusal switch
    {
        { Outcome: RefusalKind.Failed, OfContent: true } => WorkOutcome.Broken,
        { Outcome: RefusalKind.Failed } => WorkOutcome.Failed,
        _ => WorkOutcome.Done,
    };
}
