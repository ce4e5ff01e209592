using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>Writers that want the same log entry. How fast they are together is measured elsewhere: docs/scale.md.</summary>
public sealed class CommitRaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_commit_of_many_writers_gets_an_entry_of_its_own()
    {
        const int Writers = 16;
        const int Each = 6;
        await (await FlowLake.OpenAsync(_folder.Path)).Tuples.Delta.EnsureAsync(default);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            var lake = await FlowLake.OpenAsync(_folder.Path);
            var snapshot = await lake.Tuples.SnapshotAsync();
            for (var i = 0; i < Each; i++)
            {
                var result = await lake.Tuples.Delta.CommitAsync(snapshot, Position($"{w}-{i}", "{}"), default);
                Assert.True(result.Committed);
                snapshot = result.Snapshot;
            }
        })));

        var newest = await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync();
        Assert.Equal((Writers * Each, Writers * Each), (newest.Version, newest.Domains.Count));
    }

    [Fact]
    public async Task An_entry_that_the_store_denies_having_written_is_recognised_by_what_is_in_it()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        var planned = await lake.Tuples.Delta.EnsureAsync(default);
        var unlucky = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { WrapStore = s => new DenyingStore(s) });

        var result = await unlucky.Tuples.Delta.CommitAsync(planned, Position("a", "1"), default);

        Assert.True(result.Committed);
        Assert.Equal(1, (await lake.Tuples.SnapshotAsync()).Version);
    }

    [Fact]
    public async Task A_writer_that_slept_while_the_log_was_cleaned_appends_at_its_end_and_not_into_the_gap()
    {
        var clock = new SteppedTime();
        var sleeper = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { Time = clock });
        var planned = await sleeper.Tuples.Delta.EnsureAsync(default);
        var other = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { CheckpointEvery = 5 });
        for (var i = 0; i < 10; i++)
            await LakeRows.AppendAsync(other, Batches.Make(Batches.Blob($"B{i}"), 10, seed: i));
        for (var version = 0; version < 10; version++)
            File.Delete(_folder[$"tuples/_delta_log/{version:D20}.json"]);
        clock.Ahead = TimeSpan.FromMinutes(11);

        var result = await sleeper.Tuples.Delta.CommitAsync(planned, Position("mine", "1"), default);

        Assert.Equal(11, result.Snapshot.Version);
        Assert.False(File.Exists(_folder[$"tuples/_delta_log/{1:D20}.json"]));
        Assert.Equal(11, (await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync()).Domains.Count);
    }

    [Fact]
    public async Task A_writer_that_slept_sees_the_conflict_although_the_entry_with_it_is_gone()
    {
        var clock = new SteppedTime();
        var sleeper = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { Time = clock });
        var planned = await sleeper.Tuples.Delta.EnsureAsync(default);
        var other = await FlowLake.OpenAsync(_folder.Path);
        var now = (await other.Tuples.Delta.CommitAsync(await other.Tuples.SnapshotAsync(), Position("a", "1"), default)).Snapshot;
        await other.Tuples.Delta.CheckpointAsync(now, default);
        File.Delete(_folder[$"tuples/_delta_log/{1:D20}.json"]);
        clock.Ahead = TimeSpan.FromMinutes(11);

        var result = await sleeper.Tuples.Delta.CommitAsync(planned, Position("a", "2"), default);

        Assert.Equal([BlobPosition.Domain("a")], result.Conflict!.Domains);
    }

    [Fact]
    public void Pauses_grow_to_a_limit_and_whoever_has_waited_long_hurries()
    {
        var pause = new CommitPause { Share = () => 1 };

        Assert.Equal([10, 20, 40, 80, 160, 320, 640, 640, 10, 10], Enumerable.Range(2, 10).Select(a => (int)(pause with { HurryFrom = 10 }).BeforeNext(a).TotalMilliseconds));
        Assert.Equal(TimeSpan.FromSeconds(1), pause.BeforeFirst(TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.Zero, pause.BeforeFirst(TimeSpan.Zero));
    }

    private static DeltaChange Position(string blob, string text) =>
        new("WRITE") { Domains = new Dictionary<string, string?> { [BlobPosition.Domain(blob)] = text } };

    /// <summary>A clock that can be put forward, as a machine's is that slept.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);
    }

    /// <summary>Says no the first time, although it has done what was asked: a retry below it has met its own first try.</summary>
    private sealed class DenyingStore(ILakeStore inner) : StoreDecorator(inner)
    {
        private bool _hasDenied;

        public override async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
        {
            var done = await base.PutIfAbsentAsync(path, content, ct);
            var denies = !_hasDenied;
            _hasDenied = true;
            return done && !denies;
        }
    }
}
