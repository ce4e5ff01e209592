using System.Globalization;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Benchmarks.Scale;

/// <summary>What a run is made of.</summary>
/// <param name="Writers">Each with a lake of its own, as if it were a process.</param>
/// <param name="Rest">What a writer does between two commits; zero = it has the next change ready at once, the worst case.</param>
/// <param name="Length">Of the run.</param>
internal sealed record ContentionPlan(int Writers, TimeSpan Rest, TimeSpan Length)
{
    public CommitPause Pause { get; init; } = new();
}

/// <summary>What came of it.</summary>
/// <param name="Commits">Of all writers.</param>
/// <param name="Requests">To storage, of all writers.</param>
/// <param name="Waits">From the wish to commit to the commit, sorted.</param>
/// <param name="Length">Of the run.</param>
internal sealed record ContentionResult(long Commits, long LostRaces, long Requests, IReadOnlyList<TimeSpan> Waits, TimeSpan Length)
{
    public double CommitsPerSecond => Commits / Length.TotalSeconds;

    public TimeSpan Wait(double share) => Waits[(int)(share * (Waits.Count - 1))];

    public string Row(int writers) => string.Create(CultureInfo.InvariantCulture,
        $"| {writers} | {CommitsPerSecond:0.0} | {(double)LostRaces / Commits:0.0} | {Requests / Length.TotalSeconds:0} | {Wait(0.5).TotalSeconds:0.00} | {Wait(0.99).TotalSeconds:0.00} | {Wait(1).TotalSeconds:0.00} |");

    public const string Head = "| writers | commits/s | lost races per commit | requests/s | median wait s | 99 % | worst |\n|---:|---:|---:|---:|---:|---:|---:|";
}

/// <summary>Writers that append to one log through the library's own commit, each for itself, for a while.</summary>
internal sealed class ContentionRun(ContentionPlan plan, TimeProvider time, Func<int, ILakeStore> store)
{
    private readonly List<TimeSpan> _waits = [];
    private readonly Lock _gate = new();
    private long _attempts;

    public async Task<ContentionResult> RunAsync(Func<long> requests)
    {
        await (await OpenAsync(0)).Tuples.Delta.EnsureAsync(default);
        var (started, before) = (time.GetTimestamp(), requests());
        await Task.WhenAll(Enumerable.Range(0, plan.Writers).Select(w => WriteAsync(w, started)));
        var took = time.GetElapsedTime(started);
        _waits.Sort();
        return new ContentionResult(_waits.Count, _attempts - _waits.Count, requests() - before, _waits, took);
    }

    private async Task WriteAsync(int writer, long started)
    {
        var lake = await OpenAsync(writer);
        var snapshot = await lake.Tuples.SnapshotAsync();
        var random = new Random(writer);
        await Task.Delay(plan.Rest * random.NextDouble(), time);
        for (var number = 0; time.GetElapsedTime(started) < plan.Length; number++)
        {
            var asked = time.GetTimestamp();
            var result = await lake.Tuples.Delta.CommitAsync(snapshot, Change(writer, number), default);
            if (!result.Committed)
                throw new InvalidOperationException("No two writers touch the same blob here.");
            snapshot = result.Snapshot;
            lock (_gate)
                _waits.Add(time.GetElapsedTime(asked));
            await Task.Delay(plan.Rest, time);
        }
    }

    private ValueTask<FlowLake> OpenAsync(int writer) => FlowLake.OpenAsync("contention", new LakeOptions
    {
        Time = time,
        Pause = plan.Pause,
        CheckpointEvery = int.MaxValue, // whoever writes one keeps nobody else waiting
        WrapStore = _ => new CountedStore(store(writer), () => Interlocked.Increment(ref _attempts)),
    });

    /// <summary>A group as an ingest commits it: a file, and the positions of some blobs.</summary>
    private static DeltaChange Change(int writer, int number) => new("WRITE")
    {
        Adds = [new AddFile($"event_date=2026-11-20/part-{writer}-{number}.parquet", new Dictionary<string, string?> { [FlowColumns.Partition] = "2026-11-20" }, 1_000_000, 0) { Stats = "{\"numRecords\":10000}" }],
        Domains = Enumerable.Range(0, 3).ToDictionary(i => BlobPosition.Domain($"{writer}-{i}"), string? (_) => string.Create(CultureInfo.InvariantCulture, $"{{\"length\":{number}}}"), StringComparer.Ordinal),
    };
}
