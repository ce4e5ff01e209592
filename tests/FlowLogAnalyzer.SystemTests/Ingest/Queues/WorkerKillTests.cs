using System.Globalization;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest.Queues;

/// <summary>
/// Four processes of the program work on one queue while a writer like the platform's adds a record to every NIC's blob each
/// round; workers are killed and added at random. FLOWLOG_TEST_NICS=200 FLOWLOG_TEST_ROUNDS=60 makes it a long run
/// (docs/scale.md has the command).
/// </summary>
public sealed class WorkerKillTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(20261123);

    private static int Nics { get; } = Setting("FLOWLOG_TEST_NICS", 12);

    private static int Rounds { get; } = Setting("FLOWLOG_TEST_ROUNDS", 8);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Workers_killed_and_added_at_random_bring_every_row_once(bool lakeInStorage)
    {
        var logs = await RemoteLogs.CreateAsync();
        var queue = await WorkQueue.CreateAsync(logs);
        var lake = lakeInStorage ? $"{(await Azurite.ContainerAsync()).Uri}/lake" : _folder["lake"];
        await using var workers = new WorkerRun(logs, queue, lake, _folder["cache"]);
        for (var i = 0; i < 4; i++)
            workers.Start();

        var killed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await WriteRoundAsync(logs, queue, round);
            await Task.Delay(_random.Next(100, 2500), TestContext.Current.CancellationToken);
            if (round < 2)
                continue; // they need a while to start
            await workers.KillAsync(0);
            killed++;
            if (workers.Count < 2 || _random.Next(3) > 0)
                for (var missing = workers.Count; missing < 4; missing++)
                    workers.Start();
        }

        await EmptyAsync(queue);
        await workers.ReadyAsync();
        var told = await workers.StopAsync();

        var expected = await logs.CleanRowsAsync();
        output.WriteLine($"{Nics} NICs, {Rounds} rounds, {killed} workers killed, {expected.Length} rows; at the end {told.Count} workers, of which each told: {string.Join(' ', told)}");
        Assert.Equal(expected, await RowsAsync(logs, lake));
        Assert.False(await queue.Poison.ExistsAsync());
    }

    /// <summary>Events come doubled and in another order than the commits, as Event Grid may send them.</summary>
    private async Task WriteRoundAsync(RemoteLogs logs, WorkQueue queue, int round)
    {
        var nics = Enumerable.Range(0, Nics).ToArray();
        var hour = LogBlobs.Hour.AddHours(round / 60);
        await Parallel.ForEachAsync(nics, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (nic, _) => await logs.Writer.CommitAsync(RemoteLogs.Name(nic, hour), LogBlobs.Record(nic, round % 60, 10, hour)));
        _random.Shuffle(nics);
        await Parallel.ForEachAsync(nics.Concat(nics.Take(3)), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (nic, _) => await queue.SendEventAsync(RemoteLogs.Name(nic, hour)));
    }

    private static async Task EmptyAsync(WorkQueue queue)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (await queue.CountAsync() > 0)
            await Task.Delay(200, patience.Token);
    }

    private async Task<string[]> RowsAsync(RemoteLogs logs, string lake) =>
        await LakeRows.AllAsync(await FlowLake.OpenAsync(lake, new LakeOptions { Access = logs.Access(), CacheFolder = _folder["cache"] }));

    private static int Setting(string name, int usual) => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{usual}", CultureInfo.InvariantCulture);
}
