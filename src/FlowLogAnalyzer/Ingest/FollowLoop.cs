using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Blobs.Remote;

namespace FlowLogAnalyzer.Ingest;

/// <summary>How growing blobs are followed.</summary>
public sealed record FollowOptions
{
    /// <summary>From the start of one sweep to the start of the next. Azure commits a blob about once a minute.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most sweeps look only at blobs of the hours that this long ago were still running.</summary>
    public TimeSpan Recent { get; init; } = TimeSpan.FromHours(3);

    /// <summary>How often a sweep looks at everything, for commits that came late.</summary>
    public TimeSpan FullEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest pause after sweeps that failed.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a sweep may take to end after the request to stop.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told about every sweep.</summary>
    public Action<FollowSweep>? OnSweep { get; init; }
}

/// <summary>One look at the sources.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Summary">What it did; null when it failed.</param>
/// <param name="Problem">Why it failed; a whole sentence.</param>
/// <param name="IsFull">True when it was not limited to recent hours.</param>
/// <param name="Pause">Until the next one starts.</param>
public sealed record FollowSweep(int Number, IngestSummary? Summary, string? Problem, bool IsFull, TimeSpan Pause);

/// <summary>
/// Sweeps over the sources until it is asked to stop. A sweep that fails, because storage or the network is away, loses
/// nothing: the positions are in the lake, and the next sweep goes on from there.
/// </summary>
public sealed class FollowLoop(IngestOptions ingest, IReadOnlyList<IBlobSource> sources, FollowOptions options)
{
    private readonly TimeProvider _time = ingest.Time;
    private DateTimeOffset? _lastFull;
    private int _failures;

    /// <summary>
    /// Ends without an exception when <paramref name="stop"/> is cancelled: what was being read is committed first, for as
    /// long as <see cref="FollowOptions.Grace"/> allows. Returns the number of sweeps.
    /// </summary>
    /// <exception cref="StorageDeniedException">A right is missing, which no waiting brings.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var stoppable = sources.Select(IBlobSource (s) => new StoppableSource(s, stop)).ToList();
        for (var number = 1; ; number++)
        {
            using var hard = new CancellationTokenSource();
            await using var onStop = stop.Register(() => hard.CancelAfter(options.Grace));
            var started = _time.GetUtcNow();
            var isFull = _lastFull is not { } last || started - last >= options.FullEvery;
            var (summary, problem) = await SweepAsync(stoppable, isFull, started, hard.Token);
            if (summary is not null && isFull && !stop.IsCancellationRequested)
                _lastFull = started;

            var pause = Pause(summary is null || IsAway(summary), _time.GetUtcNow() - started);
            options.OnSweep?.Invoke(new FollowSweep(number, summary, problem, isFull, pause));
            if (!await WaitAsync(pause, stop))
                return number;
        }
    }

    private async Task<(IngestSummary? Summary, string? Problem)> SweepAsync(IReadOnlyList<IBlobSource> stoppable, bool isFull, DateTimeOffset now, CancellationToken hard)
    {
        try
        {
            return (await IngestPipeline.RunAsync(ingest with { Window = Window(isFull, now.UtcDateTime) }, stoppable, null, hard), null);
        }
        catch (OperationCanceledException) when (hard.IsCancellationRequested)
        {
            return (null, "Stopped before what was being read could be committed. The next run takes it up.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ConservationException)
        {
            return (null, e.Message);
        }
    }

    private BlobWindow Window(bool isFull, DateTime now)
    {
        var recent = now - options.Recent;
        return isFull || ingest.Window.SinceUtc >= recent ? ingest.Window : ingest.Window with { SinceUtc = recent };
    }

    /// <summary>True when a listing or every blob failed: then there is no point in asking again at once. A damaged blob says nothing about its source.</summary>
    private static bool IsAway(IngestSummary summary) => summary.Blobs.Read == 0 && summary.Refused.Any(r => r is { Outcome: RefusalKind.Failed, OfContent: false });

    private TimeSpan Pause(bool failed, TimeSpan took)
    {
        _failures = failed ? _failures + 1 : 0;
        if (!failed)
            return took < options.Every ? options.Every - took : TimeSpan.Zero;

        // Doubled each time, and a little different in every process, so that they do not all come back at once.
        var seconds = Math.Min(options.Every.TotalSeconds * Math.Pow(2, Math.Min(_failures - 1, 20)), options.MaxPause.TotalSeconds);
#pragma warning disable CA5394 // Nothing secret depends on it.
        return TimeSpan.FromSeconds(seconds * (0.8 + (0.4 * Random.Shared.NextDouble())));
#pragma warning restore CA5394
    }

    private async Task<bool> WaitAsync(TimeSpan pause, CancellationToken stop)
    {
        await Task.Delay(pause, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
