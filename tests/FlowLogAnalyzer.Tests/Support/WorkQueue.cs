using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Triggers;
using FlowLogAnalyzer.Triggers.Queues;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>A queue of the emulator with events of a container's blobs, and workers in this process.</summary>
internal sealed class WorkQueue(RemoteLogs logs, QueueClient queue)
{
    public string Name => queue.Name;

    public QueueClient Poison => new(logs.Connection, queue.Name + "-poison");

    public static async Task<WorkQueue> CreateAsync(RemoteLogs logs) => new(logs, await Azurite.QueueAsync());

    /// <summary>As Event Grid sends it, base64 or plain.</summary>
    public Task SendEventAsync(string blob, bool encoded = true) => SendAsync(
        JsonSerializer.Serialize(new { eventType = "Microsoft.Storage.BlobCreated", id = "1", data = new { api = "PutBlockList", url = $"{logs.Address}/{blob}" } }), encoded);

    public Task SendAsync(string text, bool encoded = true) => queue.SendMessageAsync(encoded ? Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) : text);

    public async Task<int> CountAsync() => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;

    public StorageQueueSource Source(TimeSpan? hold = null) => StorageQueueSource.Open(queue.Name, logs.Access(), hold ?? TimeSpan.FromSeconds(30));

    /// <summary>Works until the queue is empty; what the worker told.</summary>
    public async Task<IReadOnlyList<string>> WorkAsync(string lake, QueueWorkerOptions? options = null)
    {
        var told = new List<string>();
        var opened = await FlowLake.OpenAsync(lake, new LakeOptions { Access = logs.Access() });
        await using var lane = new IngestWorker(new IngestWorkerOptions(new IngestOptions(opened) { CommitInterval = TimeSpan.FromMilliseconds(50) }, new SourceRoots([logs.Address], logs.Access())));
        using var handler = new WorkHandler(lane, opened, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var worker = new QueueWorker(Source(), handler, (options ?? new QueueWorkerOptions()) with { OnProblem = told.Add });
        var working = worker.RunAsync(stop.Token);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await CountAsync() > 0 && !working.IsCompleted)
            await Task.Delay(50, patience.Token);
        await stop.CancelAsync();
        await working;
        return told;
    }

    /// <summary>What lies in the poison queue, decoded.</summary>
    public async Task<IReadOnlyList<string>> PoisonTextsAsync() =>
        [.. (await Poison.PeekMessagesAsync(32)).Value.Select(m => Encoding.UTF8.GetString(Convert.FromBase64String(m.Body.ToString())))];
}
