using System.Collections.Concurrent;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Functions;
using FlowLogAnalyzer.Tests.Support;
using FlowLogAnalyzer.Triggers;
using FlowLogAnalyzer.Triggers.Events;

namespace FlowLogAnalyzer.Tests.Events;

/// <summary>From events in a hub to rows in a lake: a real Kafka client, a real lake.</summary>
public sealed class BlobEventLoopTests : IDisposable
{
    private const string Group = "flowlog";

    private readonly TemporaryFolder _folder = new();
    private readonly MockHub _hub = new();
    private readonly ConcurrentQueue<string> _notes = new();

    private string Logs => _folder["logs"];

    private string Lake => _folder["lake"];

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_row_is_there_once_what_cannot_be_used_is_named_and_the_group_goes_on_behind_it()
    {
        Directory.CreateDirectory(Logs);
        var blobs = Enumerable.Range(1, 6).Select(nic => Blob(nic)).ToList();
        var broken = LogBlobs.WriteFile(Path.Combine(Logs, LogBlobs.Path(9)), "{\"records\":[{\"time\": nonsense"u8.ToArray());
        await _hub.SendAsync(
        [
            .. blobs.Select(b => HandlerProcess.Event(b)), .. blobs.Select(Cloud), $"[{string.Join(',', blobs.Select(Cloud))}]",
            "not json", "[1]", """{"nothing":"of ours"}""", HandlerProcess.Event(broken), HandlerProcess.Event("/elsewhere/PT1H.json"), HandlerProcess.Event(Path.Combine(Logs, "gone", "PT1H.json")),
        ]);

        var totals = await RunAsync();
        var again = await RunAsync();

        Assert.Equal(new BlobEventTotals(19, 5), totals);
        Assert.Equal(new BlobEventTotals(0, 0), again);
        File.Delete(broken);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
        Assert.Equal(19, _hub.Committed(Group).Where(o => o > 0).Sum());
        Assert.Equal(3, _notes.Count(n => n.Contains("cannot be understood", StringComparison.Ordinal)));
        Assert.Contains(_notes, n => n.Contains("at offset", StringComparison.Ordinal) && n.EndsWith("It begins: not json", StringComparison.Ordinal));
        Assert.Contains(_notes, n => n.Contains("none of the places", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_storage_is_away_nothing_is_checkpointed_and_when_it_is_back_nothing_is_missing()
    {
        var logs = await RemoteLogs.CreateAsync();
        foreach (var nic in new[] { 1, 2, 3 })
            await logs.Writer.CommitAsync(RemoteLogs.Name(nic), LogBlobs.Record(nic, 0, 20));
        await _hub.SendAsync([.. new[] { 1, 2, 3 }.Select(nic => HandlerProcess.Event($"{logs.Address}/{RemoteLogs.Name(nic)}"))]);
        var isAway = true;
        var access = logs.Access(new MeteredTransport(_ => isAway ? Fault.Busy : Fault.None)) with { MaxRetries = 0 };
        var roots = new SourceRoots([logs.Address], access);

        var given = await Assert.ThrowsAsync<EventHubException>(() => RunAsync(roots, o => o with { MaxAttempts = 2 }));
        Assert.All(_hub.Committed(Group), o => Assert.True(o <= 0));

        var running = RunAsync(roots);
        await UntilAsync(() => _notes.Count(n => n.Contains("are tried again in", StringComparison.Ordinal)) >= 3);
        isAway = false;
        await running;

        Assert.Contains("their events stay in the event hub", given.Message, StringComparison.Ordinal);
        Assert.Equal(await logs.CleanRowsAsync(), await Ingests.RowsAsync(Lake));
        Assert.Equal(3, _hub.Committed(Group).Where(o => o > 0).Sum());
    }

    [Fact]
    public async Task A_right_that_is_missing_ends_it()
    {
        var logs = await RemoteLogs.CreateAsync();
        await _hub.SendAsync(HandlerProcess.Event($"{logs.Address}/{RemoteLogs.Name(1)}"));
        var roots = new SourceRoots([logs.Address], logs.Access(new MeteredTransport(_ => Fault.Denied)));

        var e = await Assert.ThrowsAsync<StorageDeniedException>(() => RunAsync(roots));

        Assert.Contains("Storage Blob Data Reader", e.Message, StringComparison.Ordinal);
        Assert.All(_hub.Committed(Group), o => Assert.True(o <= 0));
    }

    [Fact]
    public async Task Events_that_were_not_checkpointed_come_again_and_change_nothing()
    {
        var blobs = Enumerable.Range(1, 4).Select(nic => Blob(nic)).ToList();
        await _hub.SendAsync([.. blobs.Select(b => HandlerProcess.Event(b))]);
        await using (var source = EventHubs.OpenSource(_hub.Address, Group, MockHub.Access))
        await using (var worker = await WorkerAsync(Roots()))
        {
            // As if killed between the lake's commit and the hub's.
            var batch = await source.ReceiveAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await worker.IngestAsync([.. batch.Events.Select(e => new WorkItem(System.Text.Json.JsonDocument.Parse(e.Body).RootElement.GetProperty("data").GetProperty("url").GetString()!))], TestContext.Current.CancellationToken);
        }

        var totals = await RunAsync();

        Assert.Equal(4, totals.Received);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task A_stop_finishes_what_was_begun_and_leaves_the_group_where_it_was()
    {
        using var stop = new CancellationTokenSource();
        var running = RunAsync(change: o => o with { Follow = true }, stop: stop.Token);
        await _hub.SendAsync([.. Enumerable.Range(1, 8).Select(nic => HandlerProcess.Event(Blob(nic)))]);
        await UntilAsync(() => _hub.Committed(Group).Where(o => o > 0).Sum() > 0);

        await stop.CancelAsync();
        var totals = await running.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(totals.Received, _hub.Committed(Group).Where(o => o > 0).Sum());
        await RunAsync();
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task Two_readers_share_a_hub_one_comes_one_goes_and_every_row_is_there_once()
    {
        using var stopFirst = new CancellationTokenSource();
        using var stopSecond = new CancellationTokenSource();
        var first = RunAsync(change: o => o with { Follow = true }, stop: stopFirst.Token);
        await SendRoundAsync(0);
        await UntilAsync(() => _hub.Committed(Group).Where(o => o > 0).Sum() > 0);

        var second = RunAsync(change: o => o with { Follow = true }, stop: stopSecond.Token);
        for (var round = 1; round <= 6; round++)
        {
            await SendRoundAsync(round);
            await Task.Delay(1500, TestContext.Current.CancellationToken);
            if (round == 4)
                await stopFirst.CancelAsync();
        }

        await UntilAsync(() => _hub.Committed(Group).Where(o => o > 0).Sum() >= 7 * 8, 60);
        await stopSecond.CancelAsync();
        var (one, other) = (await first, await second);

        Assert.True(one.Received > 0 && other.Received > 0, $"{one}, {other}");
        Assert.True(one.Received + other.Received >= 7 * 8);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    /// <summary>Eight blobs grow by a minute, with an event each.</summary>
    private Task SendRoundAsync(int round) =>
        _hub.SendAsync([.. Enumerable.Range(1, 8).Select(nic => HandlerProcess.Event(LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, round + 1)), round)))]);

    private string Blob(int nic) => LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 3)));

    private static string Cloud(string url) =>
        System.Text.Json.JsonSerializer.Serialize(new { specversion = "1.0", type = "Microsoft.Storage.BlobCreated", source = "/s", id = "1", data = new { api = "PutBlockList", url } });

    private SourceRoots Roots() => new([Logs], new StorageAccess());

    private async Task<IngestWorker> WorkerAsync(SourceRoots roots) =>
        new(new IngestWorkerOptions(new IngestOptions(await FlowLake.OpenAsync(Lake)) { CommitInterval = TimeSpan.FromMilliseconds(50) }, roots) { Linger = TimeSpan.FromMilliseconds(20) });

    private async Task<BlobEventTotals> RunAsync(SourceRoots? roots = null, Func<BlobEventOptions, BlobEventOptions>? change = null, CancellationToken stop = default)
    {
        await using var worker = await WorkerAsync(roots ?? Roots());
        await using var source = EventHubs.OpenSource(_hub.Address, Group, MockHub.Access);
        var options = new BlobEventOptions { OnNote = _notes.Enqueue, FirstPause = TimeSpan.FromMilliseconds(100), MaxPause = TimeSpan.FromMilliseconds(500), MaxAttempts = 100 };
        return await new BlobEventLoop(source, worker, change?.Invoke(options) ?? options).RunAsync(stop);
    }

    private static async Task UntilAsync(Func<bool> holds, int seconds = 40)
    {
        for (var i = 0; i < seconds * 10 && !holds(); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.True(holds());
    }
}
