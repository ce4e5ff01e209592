using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

public sealed class DeltaLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_many_writers_of_one_path_exactly_one_wins()
    {
        for (var round = 0; round < 50; round++)
        {
            var path = $"log/{round}.json";
            using var gate = new Barrier(8);
            var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(
                () =>
                {
                    var store = new FolderLakeStore(_folder.Path);
                    gate.SignalAndWait();
                    return store.PutIfAbsentAsync(path, new[] { (byte)i }, default).AsTask();
                },
                TaskCreationOptions.LongRunning).Unwrap()));

            var winner = Assert.Single(Enumerable.Range(0, 8), i => won[i]);
            Assert.Equal([(byte)winner], await File.ReadAllBytesAsync(_folder[path]));
        }

        Assert.Equal(50, Directory.GetFiles(_folder["log"]).Length); // and no temporary file is left
    }

    [Fact]
    public void A_name_that_many_threads_want_at_the_same_instant_goes_to_exactly_one()
    {
        const int Threads = 4;
        const int Rounds = 2000;
        using var gate = new Barrier(Threads);
        var won = new int[Rounds];
        var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                var mine = _folder[$"{round}-{t}"];
                File.WriteAllText(mine, "");
                gate.SignalAndWait();
                if (AtomicRename.WithoutOverwrite(mine, _folder[$"{round}"]))
                    Interlocked.Increment(ref won[round]);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        Assert.All(won, w => Assert.Equal(1, w));
    }

    [Fact]
    public async Task Unrelated_appends_that_were_planned_on_the_same_version_are_both_committed()
    {
        var (one, two) = (await FlowLake.OpenAsync(_folder.Path), await FlowLake.OpenAsync(_folder.Path));
        var planned = await one.Tuples.Delta.EnsureAsync(default);
        await two.Tuples.Delta.EnsureAsync(default);

        var first = await one.Tuples.Delta.CommitAsync(planned, Position("a", "1"), default);
        var second = await two.Tuples.Delta.CommitAsync(planned, Position("b", "2"), default);

        Assert.True(first.Committed && second.Committed);
        Assert.Equal((1, 2), (first.Snapshot.Version, second.Snapshot.Version));
        Assert.Equal(["1", "2"], (await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync()).Domains.OrderBy(d => d.Key).Select(d => d.Value));
    }

    [Fact]
    public async Task Two_positions_of_one_blob_are_a_conflict_that_names_it_and_writes_nothing()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        var planned = await lake.Tuples.Delta.EnsureAsync(default);
        await lake.Tuples.Delta.CommitAsync(planned, Position("a", "1"), default);

        var result = await lake.Tuples.Delta.CommitAsync(planned, Position("a", "2"), default);

        Assert.False(result.Committed);
        Assert.Equal([BlobPosition.Domain("a")], result.Conflict!.Domains);
        var now = await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync();
        Assert.Equal((1, "1"), (now.Version, now.Domains[BlobPosition.Domain("a")]));
    }

    [Fact]
    public async Task Removing_a_file_that_another_writer_has_removed_is_a_conflict()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        var planned = (await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob("A"), 10))).Snapshot;
        var path = planned.Files.Keys.Single();
        Assert.True((await lake.Tuples.Delta.CommitAsync(planned, new DeltaChange("A") { Removes = [path] }, default)).Committed);

        var result = await lake.Tuples.Delta.CommitAsync(planned, new DeltaChange("B") { Removes = [path] }, default);

        Assert.Equal([path], result.Conflict!.Files);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_recognised_and_not_repeated()
    {
        FaultyStore? faulty = null;
        var lake = await FlowLake.OpenAsync(_folder.Path);
        var planned = await lake.Tuples.Delta.EnsureAsync(default);
        var unlucky = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { WrapStore = s => faulty = new FaultyStore(s, 1, afterDoing: true) });

        var result = await unlucky.Tuples.Delta.CommitAsync(planned, Position("a", "1"), default);

        Assert.True(result.Committed);
        Assert.Equal(1, result.Snapshot.Version);
        Assert.Equal(1, (await lake.Tuples.SnapshotAsync()).Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_table_is_loaded_from_its_checkpoint_and_what_follows_it(bool withHint)
    {
        var lake = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { CheckpointEvery = 5 });
        for (var i = 0; i < 12; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i:00} \"ü\""), 100, seed: i));
        var before = await lake.Tuples.SnapshotAsync();
        await lake.Tuples.Delta.CommitAsync(before, new DeltaChange("DROP") { Removes = [before.Files.Keys.Order().First()], Domains = new Dictionary<string, string?> { [BlobPosition.Domain("B03 \"ü\"")] = null } }, default);
        var expected = await lake.Tuples.SnapshotAsync();
        Assert.Equal(13, expected.Version);

        // Without the entries before the checkpoint only the checkpoint can know them.
        for (var version = 0; version <= 10; version++)
            File.Delete(_folder[$"tuples/_delta_log/{version:D20}.json"]);
        if (!withHint)
            File.Delete(_folder["tuples/_delta_log/_last_checkpoint"]);

        var loaded = await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync();
        Assert.Equal(expected.Version, loaded.Version);
        Assert.Equal(expected.Domains.OrderBy(d => d.Key), loaded.Domains.OrderBy(d => d.Key));
        Assert.Equal(expected.Files.Values.OrderBy(f => f.Path).Select(Text), loaded.Files.Values.OrderBy(f => f.Path).Select(Text));
        Assert.Equal(expected.Metadata!.SchemaJson, loaded.Metadata!.SchemaJson);
        Assert.Equal(["event_date"], loaded.Metadata.PartitionColumns);
        Assert.Equal(["domainMetadata", "invariants"], loaded.Protocol!.WriterFeatures);
    }

    [Fact]
    public async Task Removed_files_survive_a_checkpoint_so_that_a_vacuum_knows_them()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        var snapshot = (await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob("A"), 10))).Snapshot;
        var path = snapshot.Files.Keys.Single();
        snapshot = (await lake.Tuples.Delta.CommitAsync(snapshot, new DeltaChange("DROP") { Removes = [path] }, default)).Snapshot;
        await lake.Tuples.Delta.CheckpointAsync(snapshot, default);

        var loaded = await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync();

        Assert.Equal(snapshot.Tombstones[path].DeletionTimestampMs, loaded.Tombstones[path].DeletionTimestampMs);
        Assert.Equal("2026-11-22", loaded.Tombstones[path].PartitionValues["event_date"]);
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_read_is_named_when_the_entries_before_it_are_gone()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        await lake.Tuples.Delta.CheckpointAsync((await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob("A"), 10))).Snapshot, default);
        var path = _folder[$"tuples/_delta_log/{1:D20}.checkpoint.parquet"];
        File.Delete(_folder[$"tuples/_delta_log/{0:D20}.json"]);
        var (content, random, unread) = (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), new Random(1), 0);
        for (var round = 0; round < 200; round++)
        {
            var (at, change) = (random.Next(content.Length), (byte)random.Next(1, 256));
            content[at] ^= change;
            await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
            content[at] ^= change;
            try
            {
                await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync();
            }
            catch (InvalidDataException e)
            {
                Assert.Contains(e.Message.Contains("is not a readable checkpoint", StringComparison.Ordinal) ? Path.GetFileName(path) : "table", e.Message, StringComparison.Ordinal);
                unread++;
            }
            catch (DeltaFeatureException e)
            {
                Assert.Contains("cannot be read", e.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(unread, 10, 200);
    }

    [Fact]
    public async Task A_table_that_another_program_has_upgraded_is_refused()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        await lake.Tuples.Delta.EnsureAsync(default);
        await File.WriteAllTextAsync(_folder[$"tuples/_delta_log/{1:D20}.json"], "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"deletionVectors\"],\"writerFeatures\":[\"deletionVectors\"]}}\n");

        await Assert.ThrowsAsync<DeltaFeatureException>(async () => await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync());
    }

    [Fact]
    public async Task A_broken_log_entry_is_named()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        await lake.Tuples.Delta.EnsureAsync(default);
        await File.WriteAllTextAsync(_folder[$"tuples/_delta_log/{1:D20}.json"], "{\"commitInfo\":{}}\n{\"add\":{\"size\":1}}\n");

        var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync());

        Assert.Contains("00000000000000000001.json', line 2", error.Message, StringComparison.Ordinal);
    }

    private static DeltaChange Position(string blob, string text) =>
        new("WRITE") { Domains = new Dictionary<string, string?> { [BlobPosition.Domain(blob)] = text } };

    private static string Text(AddFile file) => $"{file.Path} {file.Size} {file.ModificationTimeMs} {file.Stats} {string.Join(',', file.PartitionValues)}";
}
