using System.Diagnostics;
using System.Threading.Channels;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Ingest;

/// <summary>
/// From blobs to committed rows: plan, read and parse, group, encode, commit, joined by bounded channels, so that a slow
/// stage holds the earlier ones back and nothing is dropped. Whatever is killed whenever: rows and reading positions are
/// in one commit, and files without a commit are invisible.
/// </summary>
public static class IngestPipeline
{
    /// <summary>How often blobs are tried again that another ingest took at the same moment.</summary>
    private const int MaxRounds = 10;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Reads every source to its end. What is refused is in the summary and does not stop the rest.</summary>
    /// <exception cref="IOException">The lake cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was committed stays, the rest leaves nothing behind.</exception>
    /// <exception cref="ConservationException">The counters do not agree: a bug.</exception>
    public static async Task<IngestSummary> RunAsync(
        IngestOptions options, IReadOnlyList<IBlobSource> sources, IProgress<IngestProgress>? progress = null, CancellationToken ct = default)
    {
        using var step = FlowLogTelemetry.Start("ingest");
        var state = new RunState(options);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reporter = ReportAsync(state, progress, done.Token);
        try
        {
            var planner = new Planner(options);
            var snapshot = await options.Lake.Tuples.Delta.EnsureAsync(ct);
            sources = [.. sources.Select(s => s is IPatient or LocalBlobSource ? s : new PatientSource(s, options.Patience, options.Time))];
            await RoundAsync(state, (to, token) => new PlanStage(state, planner).RunAsync(sources, snapshot, to, token), ct);
            for (var round = 1; !state.Again.IsEmpty; round++)
                await AgainAsync(state, planner, round, ct);
            return Measured(state.Close(), step);
        }
        catch (Exception e)
        {
            step.Failed(e);
            throw;
        }
        finally
        {
            await CleanAsync(options.Lake.Tuples, state);
            await StageTask.CancelAsync(done);
            await reporter.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            progress?.Report(state.Progress());
        }
    }

    private static IngestSummary Measured(IngestSummary summary, Activity? step)
    {
        FlowLogMeters.IngestDuration.Record(summary.Seconds);
        step?.SetTag("flowlog.blobs.seen", summary.Blobs.Seen).SetTag("flowlog.blobs.read", summary.Blobs.Read).SetTag("flowlog.blobs.failed", summary.Blobs.Failed);
        step?.SetTag("flowlog.rows", summary.Rows).SetTag("flowlog.rejected", summary.RejectedTotal).SetTag("flowlog.commits", summary.Commits);
        return summary;
    }

    /// <summary>Blobs that somebody else took at the same time: most of them are done now, the rest is read.</summary>
    private static async Task AgainAsync(RunState state, Planner planner, int round, CancellationToken ct)
    {
        var plans = new List<BlobPlan>();
        while (state.Again.TryDequeue(out var plan))
            plans.Add(plan);
        if (round > MaxRounds)
        {
            foreach (var plan in plans)
                state.Failed(plan.Blob.Path, $"Another ingest has read '{plan.Blob.Path}' {MaxRounds} times at the same moment. Run one ingest at a time over these blobs, or run this one again.");
            return;
        }

        var snapshot = await state.Options.Lake.Tuples.SnapshotAsync(ct);
        var from = RetentionMark.Of(snapshot);
        await RoundAsync(state, async (to, token) =>
        {
            foreach (var plan in plans)
            {
                // What took the blob may have been a retention.
                if (RetentionMark.IsPast(plan.Blob.Identity, from))
                {
                    state.Dropped(plan.Blob.Path);
                    continue;
                }

                var position = await state.Options.Lake.Tuples.Archive.FindDomainAsync(snapshot, plan.Domain, token);
                if (await BlobReading.LookAgainAsync(state, plan, token) is { } again)
                    await to.WriteAsync(planner.Plan(plan.Source, again, plan.Domain, position), token);
            }
        }, ct);
    }

    /// <summary>Runs all stages over what <paramref name="plan"/> writes; the first error stops the others.</summary>
    private static async Task RoundAsync(RunState state, Func<ChannelWriter<BlobPlan>, CancellationToken, Task> plan, CancellationToken ct)
    {
        var options = state.Options;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var plans = Channel.CreateBounded<BlobPlan>(64);
        var blobs = Channel.CreateBounded<ReadBlob>(1);
        var groups = Channel.CreateBounded<BlobGroup>(1);
        var encoded = Channel.CreateBounded<EncodedGroup>(1);
        using var inFlight = new SemaphoreSlim(options.GroupsAtOnce);
        var encoder = new EncodeStage(state);
        var snapshot = await options.Lake.Tuples.SnapshotAsync(ct);

        await AllAsync(stop,
        [
            StageAsync(() => plan(plans.Writer, stop.Token), plans.Writer),
            StageAsync(() => Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => ReadAllAsync(new BlobReading(state, new Planner(options)), plans.Reader, blobs.Writer, stop.Token))), blobs.Writer),
            StageAsync(() => new GroupStage(options, inFlight).RunAsync(blobs.Reader, groups.Writer, stop.Token), groups.Writer),
            StageAsync(() => encoder.RunAsync(groups.Reader, encoded.Writer, stop.Token), encoded.Writer),
            StageTask.Run(() => new CommitStage(state, encoder, inFlight).RunAsync(encoded.Reader, snapshot, stop.Token)),
        ]);
    }

    private static async Task ReadAllAsync(BlobReading reading, ChannelReader<BlobPlan> from, ChannelWriter<ReadBlob> to, CancellationToken ct)
    {
        await foreach (var plan in from.ReadAllAsync(ct))
            if (await reading.ReadAsync(plan, ct) is { } blob)
                await to.WriteAsync(blob, ct);
    }

    /// <summary>Runs a stage and closes its channel, so that the next one knows that nothing more comes.</summary>
    private static async Task StageAsync<T>(Func<Task> stage, ChannelWriter<T> output)
    {
        try
        {
            await StageTask.Run(stage);
        }
        finally
        {
            output.TryComplete();
        }
    }

    private static async Task AllAsync(CancellationTokenSource stop, Task[] stages)
    {
        Task? failed = null;
        var running = stages.ToList();
        while (running.Count > 0)
        {
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            if (ended.IsCompletedSuccessfully)
                continue;

            // The first error is the cause; those that follow are stages that were stopped because of it.
            failed ??= ended;
            await StageTask.CancelAsync(stop);
        }

        if (failed is not null)
            await failed;
    }

    /// <summary>Deletes the files of blobs that did not come to a commit.</summary>
    private static async Task CleanAsync(TupleTable table, RunState state)
    {
        try
        {
            await table.Writer.DeleteAsync(state.Uncommitted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // They are invisible; a vacuum takes them. The error that led here matters more.
        }
    }

    private static async Task ReportAsync(RunState state, IProgress<IngestProgress>? progress, CancellationToken ct)
    {
        if (progress is null)
            return;
        using var timer = new PeriodicTimer(ProgressInterval);
        while (await timer.WaitForNextTickAsync(ct))
            progress.Report(state.Progress());
    }
}
