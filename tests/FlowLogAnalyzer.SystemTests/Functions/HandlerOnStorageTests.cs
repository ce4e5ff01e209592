using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Functions;

/// <summary>Logs and lake in storage, blobs written as the platform writes them, events late, doubled and out of order, a kill in between.</summary>
public class HandlerOnStorageTests
{
    [Fact]
    public async Task Growing_blobs_and_disorderly_events_give_every_row_once()
    {
        var logs = await RemoteLogs.CreateAsync();
        var lakes = await Azurite.ContainerAsync();
        using var cache = new TemporaryFolder();
        (string, string)[] settings = [("FLOWLOG_LAKE", $"{lakes.Uri}/lake"), ("FLOWLOG_SOURCES", logs.Address), ("AZURE_STORAGE_CONNECTION_STRING", logs.Connection), ("FLOWLOG_CACHE", cache.Path), ("FLOWLOG_SWEEP_HOURS", "0")];
        var handler = await HandlerProcess.StartAsync(settings);
        var events = new List<string>();
        for (var minute = 0; minute < 6; minute++)
        {
            foreach (var nic in new[] { 1, 2, 3 })
            {
                await logs.Writer.CommitAsync(RemoteLogs.Name(nic), LogBlobs.Record(nic, minute, 10));
                events.Add($"{logs.Address}/{RemoteLogs.Name(nic)}");
            }

            var sent = Enumerable.Reverse(events.TakeLast(5)).Concat(events.TakeLast(1)).Select(handler.QueueAsync).ToList();
            if (minute == 3)
            {
                await Task.Delay(150, TestContext.Current.CancellationToken);
                await handler.DisposeAsync();
                await Task.WhenAll(sent).ContinueWith(_ => { }, TaskScheduler.Default);
                handler = await HandlerProcess.StartAsync(settings);
                continue;
            }

            Assert.All(await Task.WhenAll(sent), a => Assert.True(a.Status == 200, a.Body));
        }

        Assert.Equal(200, (await handler.InvokeAsync("Sweep", HandlerProcess.Timer)).Status);
        Assert.Equal(404, (await handler.InvokeAsync("Nothing", HandlerProcess.Timer)).Status);
        await handler.DisposeAsync();

        var lake = await FlowLake.OpenAsync($"{lakes.Uri}/lake", new LakeOptions { Access = new StorageAccess { ConnectionString = logs.Connection }, CacheFolder = cache.Path });
        Assert.Equal(await logs.CleanRowsAsync(), await LakeRows.AllAsync(lake));
    }
}
