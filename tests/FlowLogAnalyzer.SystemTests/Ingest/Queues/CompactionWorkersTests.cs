using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Tests.Ingest.Queues;

/// <summary>Processes of <c>flowlog worker</c> share the compaction of one date of a lake in the emulator; the first is killed in the middle of it.</summary>
public sealed class CompactionWorkersTests(ITestOutputHelper output) : IDisposable
{
    private const int SmallFiles = 480;
    private const int InOneMessage = 9;
    private static readonly DateTime Date = new(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Apart = TimeSpan.FromDays(1) / SmallFiles;

    /// <summary>From the first row of a file to its last: a record a minute.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_jobs_of_one_date_are_shared_and_bring_every_row_once_though_a_worker_is_killed()
    {
        var logs = await RemoteLogs.CreateAsync();
        var queue = await WorkQueue.CreateAsync(logs);
        var address = $"{(await Azurite.ContainerAsync()).Uri}/lake";
        var lake = await FlowLake.OpenAsync(address, new LakeOptions { Access = logs.Access(), CacheFolder = _folder["cache"] });
        var filled = await FillAsync(lake);
        var rows = await LakeRows.AllAsync(lake);
        string[] jobs = [.. (await new LakeCompactor(lake, TimeProvider.System).JobsAsync(new CompactOptions { TargetRows = 600, FilesPerJob = 3 })).Select(p => CompactionMessage.Write(p.Job))];
        Assert.InRange(jobs.Length, 20, 32);

        await using var workers = new WorkerRun(logs, queue, address, _folder["cache"]);
        await queue.SendAsync($"[{string.Join(',', jobs[..InOneMessage])}]");
        workers.Start();
        await UntilAsync(async () => (await lake.Tuples.SnapshotAsync()).Version > filled);
        await workers.KillAsync(0);
        var done = (await lake.Tuples.SnapshotAsync()).Version - filled;
        for (var i = 0; i < 3; i++)
            workers.Start();
        await workers.ReadyAsync(); // or the first to get going has done it all
        foreach (var job in jobs[InOneMessage..])
            await queue.SendAsync(job);
        await UntilAsync(async () => await queue.CountAsync() == 0);
        var messages = (await workers.StopAsync()).Select(told => told.GetProperty("messages").GetInt64()).ToList();

        var files = (await lake.Tuples.GetActiveFilesAsync()).OrderBy(f => f.MinTime).ToList();
        output.WriteLine($"{SmallFiles} files in {jobs.Length} jobs became {files.Count}; killed after {done} of {InOneMessage}; the others did {string.Join(", ", messages)} messages.");
        Assert.Equal(rows, await LakeRows.AllAsync(lake));
        Assert.Equal(jobs.Length, files.Count);
        Assert.All(files.Zip(files.Skip(1)), pair => Assert.True(pair.First.MaxTime < pair.Second.MinTime + Reach, $"{pair.First} overlaps {pair.Second}"));
        Assert.InRange(messages.Count(m => m > 1), 2, 3); // more than the message that the killed one had
        Assert.False(await queue.Poison.ExistsAsync());
    }

    /// <summary>Small files all over the date; the version that has them.</summary>
    private static async Task<long> FillAsync(FlowLake lake)
    {
        var snapshot = await lake.Tuples.Delta.EnsureAsync(default);
        var files = new List<AddFile>();
        for (var i = 0; i < SmallFiles; i++)
            files.AddRange(await lake.Tuples.Writer.WriteAsync([Batches.Make(Batches.Blob($"B{i}", Date + (i * Apart)), 100, seed: i)], default));
        return (await lake.Tuples.Delta.CommitAsync(snapshot, new DeltaChange("WRITE") { Adds = files }, default)).Snapshot.Version;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!await isSo())
            await Task.Delay(20, patience.Token);
    }
}
