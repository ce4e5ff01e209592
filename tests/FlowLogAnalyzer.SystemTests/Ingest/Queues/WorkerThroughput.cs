using System.Diagnostics;
using System.Globalization;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest.Queues;

/// <summary>
/// How fast 1, 2 and 4 workers empty a queue of blobs that nobody has read, on the emulator: an explicit test, run by the
/// command in docs/scale.md. CPU time is that of the workers and of the emulator, so that the bottleneck has a name.
/// </summary>
public sealed class WorkerThroughput(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private const int Tuples = 250;

    private static int Nics { get; } = Number("FLOWLOG_TEST_NICS", 200);

    /// <summary>Per blob: 60 is a whole hour, 1 is what an event of a minute brings.</summary>
    private static int Records { get; } = Number("FLOWLOG_TEST_RECORDS", 60);

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public async Task Workers_on_one_queue()
    {
        var logs = await RemoteLogs.CreateAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, Nics), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (nic, _) =>
            await logs.Writer.CommitAsync(RemoteLogs.Name(nic), [.. LogBlobs.Records(nic, Records, Tuples)]));
        output.WriteLine("| workers | s | messages/s | rows/s | commits | rows per commit | lost races | CPU s of the workers | CPU s of the emulator |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var count in new[] { 1, 2, 4 })
            await MeasureAsync(logs, count);
    }

    private async Task MeasureAsync(RemoteLogs logs, int count)
    {
        var queue = await WorkQueue.CreateAsync(logs);
        var lake = $"{(await Azurite.ContainerAsync()).Uri}/lake";
        await using var workers = new WorkerRun(logs, queue, lake, _folder["cache"]) { Hold = 60 };
        for (var i = 0; i < count; i++)
            workers.Start();
        await workers.ReadyAsync();
        var watch = Stopwatch.StartNew();
        var (before, storageBefore) = (workers.ProcessorTime(), Azurite.ProcessorTime());
        await Parallel.ForEachAsync(Enumerable.Range(0, Nics), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (nic, _) => await queue.SendEventAsync(RemoteLogs.Name(nic)));
        while (await queue.CountAsync() > 0)
            await Task.Delay(50);
        var (took, cpu, storage) = (watch.Elapsed, workers.ProcessorTime() - before, Azurite.ProcessorTime() - storageBefore);
        var told = await workers.StopAsync();
        var rows = told.Sum(t => t.GetProperty("rows").GetInt64());
        var commits = told.Sum(t => t.GetProperty("commits").GetInt64());
        Assert.Equal((long)Nics * Records * Tuples, rows);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {count} | {took.TotalSeconds:0.0} | {Nics / took.TotalSeconds:0} | {rows / took.TotalSeconds:0} | {commits} | {rows / commits} | {told.Sum(t => t.GetProperty("lostRaces").GetInt64())} | {cpu.TotalSeconds:0.0} | {storage?.TotalSeconds:0.0} |"));
    }

    private static int Number(string variable, int otherwise) =>
        int.Parse(Environment.GetEnvironmentVariable(variable) ?? $"{otherwise}", CultureInfo.InvariantCulture);
}
