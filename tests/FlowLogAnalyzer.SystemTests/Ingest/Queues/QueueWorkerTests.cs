using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;
using FlowLogAnalyzer.Triggers;
using FlowLogAnalyzer.Triggers.Queues;

namespace FlowLogAnalyzer.Tests.Ingest.Queues;

/// <summary>Workers on a queue of the storage emulator.</summary>
public sealed class QueueWorkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Lake => _folder["lake"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_encoded_and_plain_early_and_doubled_bring_every_row_once_and_leave_the_queue_empty()
    {
        var (logs, queue) = await StartAsync();
        for (var minute = 0; minute < 3; minute++)
        {
            for (var nic = 0; nic < 12; nic++)
            {
                await logs.Writer.CommitAsync(RemoteLogs.Name(nic), LogBlobs.Record(nic, minute, 10));
                await queue.SendEventAsync(RemoteLogs.Name(nic), encoded: nic % 2 == 0);
                await queue.SendEventAsync(RemoteLogs.Name(nic), encoded: nic % 3 == 0);
            }

            Assert.Empty(await queue.WorkAsync(Lake));
        }

        Assert.Equal(await logs.CleanRowsAsync(), await Ingests.RowsAsync(Lake));
        Assert.False(await queue.Poison.ExistsAsync());
    }

    [Fact]
    public async Task Messages_of_one_moment_share_a_commit()
    {
        var (logs, queue) = await StartAsync();
        for (var nic = 0; nic < 40; nic++)
        {
            await logs.Writer.CommitAsync(RemoteLogs.Name(nic), LogBlobs.Record(nic, 0, 5));
            await queue.SendEventAsync(RemoteLogs.Name(nic));
        }

        await queue.WorkAsync(Lake);

        var version = (await (await FlowLake.OpenAsync(Lake)).Tuples.SnapshotAsync()).Version;
        Assert.InRange(version, 1, 8);
    }

    [Theory]
    [InlineData("hello", "is no JSON")]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobCreated"}""", "neither an event")]
    [InlineData("""{"url":"https://elsewhere.blob.core.windows.net/c/PT1H.json"}""", "none of the places that may be read")]
    [InlineData("""{"compact":"yesterday"}""", "names a date")]
    [InlineData("""{"compact":"2026-11-20","from":"noon"}""", "names a date such as \"2026-11-20\" and, for a part of it, times")]
    public async Task What_no_retry_helps_goes_to_the_poison_queue_at_once_with_the_reason(string message, string reason)
    {
        var (_, queue) = await StartAsync();
        await queue.SendAsync(message);

        await queue.WorkAsync(Lake);

        var poison = JsonDocument.Parse(Assert.Single(await queue.PoisonTextsAsync())).RootElement;
        Assert.Contains(reason, poison.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("1", poison.GetProperty("deliveries").GetString());
        Assert.Equal(message, Encoding.UTF8.GetString(Convert.FromBase64String(poison.GetProperty("message").GetString()!)));
    }

    [Fact]
    public async Task What_fails_every_time_goes_to_the_poison_queue_and_is_done_when_it_is_put_back_after_the_repair()
    {
        var (logs, queue) = await StartAsync();
        await logs.Container.GetBlobClient(RemoteLogs.Name(1)).UploadAsync(BinaryData.FromString("this is no flow log"));
        await queue.SendEventAsync(RemoteLogs.Name(1));

        await queue.WorkAsync(Lake, new QueueWorkerOptions { MostDeliveries = 1 });
        var poison = Assert.Single(await queue.PoisonTextsAsync());
        await logs.Container.GetBlobClient(RemoteLogs.Name(1)).DeleteAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 0, 10));
        await queue.SendAsync(poison);
        await queue.WorkAsync(Lake);

        Assert.Single(await queue.PoisonTextsAsync());
        Assert.Equal(10, (await Ingests.RowsAsync(Lake)).Length);
    }

    [Fact]
    public async Task A_message_that_every_worker_died_over_is_not_given_to_another_one()
    {
        var (logs, queue) = await StartAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 0, 10));
        await queue.SendEventAsync(RemoteLogs.Name(1));
        for (var died = 0; died < 2; died++)
            await (await queue.Source().TakeAsync(1, default)).Single().ReturnAsync(TimeSpan.Zero, default);

        await queue.WorkAsync(Lake, new QueueWorkerOptions { MostDeliveries = 2 });

        Assert.Contains("2 times and never settled", Assert.Single(await queue.PoisonTextsAsync()), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["lake/tuples"]));
    }

    [Fact]
    public async Task A_message_is_held_for_as_long_as_it_is_renewed_and_settled_but_once()
    {
        var (_, queue) = await StartAsync();
        await queue.SendAsync("{}");
        var source = queue.Source(TimeSpan.FromSeconds(2));
        var held = Assert.Single(await source.TakeAsync(32, default));
        for (var i = 0; i < 4; i++)
        {
            await Task.Delay(900, TestContext.Current.CancellationToken);
            await held.RenewAsync(default);
            Assert.Empty(await source.TakeAsync(32, default));
        }

        await Task.WhenAll(held.CompleteAsync(default), held.RenewAsync(default), held.ReturnAsync(TimeSpan.Zero, default));

        Assert.Equal(0, await queue.CountAsync());
    }

    [Fact]
    public async Task A_message_that_is_passed_on_comes_later_as_if_nobody_had_held_it()
    {
        var (_, queue) = await StartAsync();
        await queue.SendAsync("{}", encoded: false);
        var source = queue.Source();
        await (await source.TakeAsync(1, default)).Single().PassOnAsync(TimeSpan.FromSeconds(1), default);
        Assert.Empty(await source.TakeAsync(1, default));
        await Task.Delay(1500, TestContext.Current.CancellationToken);

        var again = Assert.Single(await source.TakeAsync(32, default));

        Assert.Equal(("{}", 1L), (again.Text, again.Deliveries));
    }

    [Fact]
    public async Task A_compaction_is_a_work_item_like_any_other()
    {
        var (logs, queue) = await StartAsync();
        for (var minute = 0; minute < 3; minute++)
        {
            await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, minute, 10));
            await queue.SendEventAsync(RemoteLogs.Name(1));
            await queue.WorkAsync(Lake);
        }

        Assert.Equal(3, (await (await FlowLake.OpenAsync(Lake)).Tuples.GetActiveFilesAsync()).Count);
        await queue.SendAsync(CompactionMessage.Write(new CompactionJob(DateOnly.FromDateTime(LogBlobs.Hour))));
        await queue.WorkAsync(Lake);

        Assert.Single(await (await FlowLake.OpenAsync(Lake)).Tuples.GetActiveFilesAsync());
        Assert.Equal(await logs.CleanRowsAsync(), await Ingests.RowsAsync(Lake));
    }

    private static async Task<(RemoteLogs Logs, WorkQueue Queue)> StartAsync()
    {
        var logs = await RemoteLogs.CreateAsync();
        return (logs, await WorkQueue.CreateAsync(logs));
    }
}
