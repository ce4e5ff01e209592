using System.Text.Json;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Triggers.Events;

/// <summary>How events of an event hub are worked off.</summary>
public sealed record BlobEventOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>False: ends when nothing waits any more.</summary>
    public bool Follow { get; init; }

    /// <summary>How long one look into the hub waits for events.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Before what failed is tried again; doubled each time.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(2);
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Attempts before a run that does not follow gives up. One that follows never does: storage comes back some day.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>How long what has begun may take to end after the request to stop.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told what is passed over and what is tried again; whole sentences.</summary>
    public Action<string>? OnNote { get; init; }
}

/// <summary>What became of the events.</summary>
/// <param name="Received">Taken out of the hub.</param>
/// <param name="PassedOver">Named, and left alone: they cannot be understood, or what they are about can never be read.</param>
public sealed record BlobEventTotals(long Received, long PassedOver);

/// <summary>
/// Events about blobs out of a hub, rows in the lake. Events are checkpointed when the lake holds what they are about, so
/// one may come twice, which the lake's positions make harmless, and none is lost. What no retry helps is named and passed over.
/// </summary>
public sealed class BlobEventLoop(IEventSource source, IngestWorker worker, BlobEventOptions options)
{
    private const int ShownCharacters = 200;

    private long _received;
    private long _passedOver;

    /// <summary>Ends without an exception when <paramref name="stop"/> is cancelled: what was begun is finished first, for as long as the grace allows.</summary>
    /// <exception cref="StorageDeniedException">A right on the storage is missing.</exception>
    /// <exception cref="EventHubDeniedException">A right on the event hub is missing.</exception>
    /// <exception cref="IOException">The hub does not exist, or a run that does not follow has tried often enough.</exception>
    public async Task<BlobEventTotals> RunAsync(CancellationToken stop)
    {
        using var hard = new CancellationTokenSource();
        await using var onStop = stop.Register(() => hard.CancelAfter(options.Grace));
        while (!stop.IsCancellationRequested)
        {
            if (await ReceiveAsync(stop) is not { } batch)
                break;
            if (batch.Events.Count == 0)
            {
                if (batch.IsCaughtUp && !options.Follow)
                    break;
                continue;
            }

            if (!await TakeInAsync(batch, stop, hard.Token))
                break;
            await CheckpointAsync(hard.Token);
            foreach (var received in batch.Events)
                FlowLogMeters.WorkerLag.Record((options.Time.GetUtcNow() - received.Enqueued).TotalSeconds);
        }

        return new BlobEventTotals(_received, _passedOver);
    }

    private async Task<EventBatch?> ReceiveAsync(CancellationToken stop)
    {
        try
        {
            return await source.ReceiveAsync(options.Patience, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>False when the stop came before everything was in the lake: then nothing is checkpointed.</summary>
    private async Task<bool> TakeInAsync(EventBatch batch, CancellationToken stop, CancellationToken hard)
    {
        using var step = FlowLogTelemetry.Start("events");
        step?.SetTag("messaging.batch.message_count", batch.Events.Count);
        _received += batch.Events.Count;
        List<WorkItem> items = [.. batch.Events.SelectMany(Read).Distinct()];
        for (var attempt = 1; ; attempt++)
        {
            var results = await IngestAsync(items, hard);
            if (results is null)
                return false;
            items = Judge(results, out var problem);
            if (items.Count == 0)
                return true;
            if (!options.Follow && attempt >= options.MaxAttempts)
                throw new EventHubException($"{items.Count} blobs could not be read in {attempt} attempts; their events stay in the event hub. {problem}");

            var pause = Pause(attempt);
            options.OnNote?.Invoke($"{items.Count} blobs could not be read and are tried again in {pause.TotalSeconds:0} s. {problem}");
            await Task.Delay(pause, options.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return false;
        }
    }

    private async Task<IReadOnlyList<WorkResult>?> IngestAsync(IReadOnlyList<WorkItem> items, CancellationToken hard)
    {
        try
        {
            return await worker.IngestAsync(items, hard);
        }
        catch (OperationCanceledException) when (hard.IsCancellationRequested)
        {
            options.OnNote?.Invoke("Stopped before what was being read could be committed. The events come again.");
            return null;
        }
    }

    /// <summary>The items to try again; those that are hopeless are named.</summary>
    private List<WorkItem> Judge(IReadOnlyList<WorkResult> results, out string? problem)
    {
        if (results.FirstOrDefault(r => r.Outcome == WorkOutcome.Denied) is { } denied)
            throw new StorageDeniedException(denied.Message!, new UnauthorizedAccessException(denied.Item.Url));

        foreach (var result in results)
        {
            if (result.Outcome is WorkOutcome.Refused or WorkOutcome.Broken)
                PassOver(result.Outcome == WorkOutcome.Refused ? "refused" : "broken", result.Message!);
        }

        var failed = results.Where(r => r.Outcome == WorkOutcome.Failed).ToList();
        problem = failed.FirstOrDefault()?.Message;
        return [.. failed.Select(r => r.Item)];
    }

    private IReadOnlyList<WorkItem> Read(ReceivedEvent received)
    {
        var message = Parse(received);
        if (message.Problem is { } problem)
            PassOver("unreadable", $"The event at offset {received.Offset} of partition {received.Partition} cannot be understood. {problem} It begins: {Start(received)}");
        foreach (var job in message.Compactions)
            PassOver("refused", $"The event at offset {received.Offset} of partition {received.Partition} asks for a compaction of {job}. That goes by a queue, which gives it to another worker when one dies: `flowlog lake compact --to-queue QUEUE`.");
        return message.Items;
    }

    private static WorkMessage Parse(ReceivedEvent received)
    {
        try
        {
            using var document = JsonDocument.Parse(received.Body);
            return BlobEvents.Read(document.RootElement);
        }
        catch (JsonException e)
        {
            return new WorkMessage([], [], $"It is not JSON: {e.Message.Split(" LineNumber", 2)[0]}");
        }
    }

    private void PassOver(string reason, string why)
    {
        _passedOver++;
        FlowLogMeters.EventsPassedOver.Add(1, new KeyValuePair<string, object?>("reason", reason));
        options.OnNote?.Invoke($"Passed over: {why}");
    }

    private static string Start(ReceivedEvent received)
    {
        var text = System.Text.Encoding.UTF8.GetString(received.Body.Span[..Math.Min(received.Body.Length, ShownCharacters)]);
        return received.Body.Length > ShownCharacters ? text + "…" : text;
    }

    /// <summary>That the offsets could not be written down costs a second look at the same events, after a restart.</summary>
    private async Task CheckpointAsync(CancellationToken hard)
    {
        try
        {
            await source.CheckpointAsync(hard);
        }
        catch (EventHubException e)
        {
            options.OnNote?.Invoke($"What was read is in the lake, but the event hub could not be told: {e.Message}");
        }
        catch (OperationCanceledException) when (hard.IsCancellationRequested)
        {
            // The events come again, and find their rows in the lake.
        }
    }

    private TimeSpan Pause(int attempt) =>
        TimeSpan.FromSeconds(Math.Min(options.MaxPause.TotalSeconds, options.FirstPause.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 20))));
}
