using System.Collections.Concurrent;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Triggers.Queues;

/// <summary>
/// Takes messages from a source that other processes share, until it is asked to stop. A message is completed after the
/// commit of what it asks for and not before: whoever is killed when, somebody else gets it again, and doing it again is
/// harmless because positions are committed with the rows.
/// </summary>
public sealed class QueueWorker(IWorkSource source, WorkHandler handler, QueueWorkerOptions options)
{
    private readonly ConcurrentDictionary<IHeldMessage, TaskCompletionSource> _held = new();
    private int _emptyLooks;

    /// <summary>Ends without an exception when <paramref name="stop"/> is cancelled, after what was begun has ended or the grace is over.</summary>
    /// <exception cref="StorageDeniedException">A right is missing, which no waiting brings.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such queue.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var hard = new CancellationTokenSource();
        using var done = new CancellationTokenSource();
        await using var onStop = stop.Register(() => hard.CancelAfter(options.Grace));
        var renewing = RenewAllAsync(done.Token);
        try
        {
            while (!stop.IsCancellationRequested)
                await TurnAsync(hard.Token, stop);
        }
        finally
        {
            await Task.WhenAll(_held.Values.Select(h => h.Task));
            await done.CancelAsync();
            await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes what there is room for, or waits for room, or for messages.</summary>
    private async Task TurnAsync(CancellationToken hard, CancellationToken stop)
    {
        var room = options.MostHeld - _held.Count;
        if (room <= 0)
        {
            await Task.WhenAny(_held.Values.Select(h => h.Task).Append(Task.Delay(options.Idle, options.Time, stop)));
            return;
        }

        var messages = await TakeAsync(room, stop);
        foreach (var message in messages)
        {
            FlowLogMeters.WorkerHeld.Add(1);
            _held[message] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = Task.Run(() => ProcessAsync(message, hard), CancellationToken.None); // its end is told by what is held
        }

        // Messages of one moment come together into one commit, so an empty look is no reason to hurry.
        _emptyLooks = messages.Count == 0 ? _emptyLooks + 1 : 0;
        if (_emptyLooks > 0)
            await PauseAsync(_emptyLooks, stop);
    }

    private async Task<IReadOnlyList<IHeldMessage>> TakeAsync(int room, CancellationToken stop)
    {
        try
        {
            return await source.TakeAsync(room, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return [];
        }
        catch (IOException e) when (e is not DirectoryNotFoundException)
        {
            options.OnProblem?.Invoke($"{e.Message.TrimEnd('.')}. Trying again.");
            return [];
        }
    }

    private async Task ProcessAsync(IHeldMessage message, CancellationToken hard)
    {
        try
        {
            await SettleAsync(message, hard);
        }
        catch (Exception e) when (e is IOException or StorageDeniedException)
        {
            Settled("lost");
            options.OnProblem?.Invoke($"A message of '{source.Name}' could not be settled and will come again: {e.Message}");
        }
        finally
        {
            FlowLogMeters.WorkerHeld.Add(-1);
            if (_held.TryRemove(message, out var held))
                held.SetResult();
        }
    }

    private async Task SettleAsync(IHeldMessage message, CancellationToken hard)
    {
        if (message.Deliveries > options.MostDeliveries)
        {
            await RejectAsync(message, $"It was given out {message.Deliveries - 1} times and never settled: whoever held it ended before it was done.");
            return;
        }

        HandledMessage handled;
        try
        {
            // One that was given out before is kept: passed on, its deliveries would be forgotten, and it might be what workers die over.
            handled = await handler.HandleAsync(MessagePayload.Unwrap(message.Text), mayDecline: message.Deliveries == 1, hard);
        }
        catch (OperationCanceledException) when (hard.IsCancellationRequested)
        {
            await ReturnAsync(message, TimeSpan.Zero);
            return;
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to this message, and the worker goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            handled = new HandledMessage(WorkOutcome.Failed, [e.Message]);
        }

        var mayBecomeBetter = handled.Outcome is WorkOutcome.Failed or WorkOutcome.Denied;
        if (handled.Outcome is WorkOutcome.Refused or WorkOutcome.Broken || (mayBecomeBetter && message.Deliveries == options.MostDeliveries))
            await RejectAsync(message, string.Join(' ', handled.Lines));
        else if (mayBecomeBetter)
            await FailedAsync(message, handled);
        else if (handled.Outcome == WorkOutcome.Declined)
            await PassOnAsync(message);
        else
            await CompleteAsync(message);
    }

    private async Task CompleteAsync(IHeldMessage message)
    {
        await message.CompleteAsync(CancellationToken.None);
        Settled("completed");
        FlowLogMeters.WorkerLag.Record((options.Time.GetUtcNow() - message.Enqueued).TotalSeconds);
    }

    private async Task FailedAsync(IHeldMessage message, HandledMessage handled)
    {
        options.OnProblem?.Invoke($"{string.Join(' ', handled.Lines)} It is tried again ({message.Deliveries} of {options.MostDeliveries}).");
        await ReturnAsync(message, Jitter(TimeSpan.FromSeconds(5 * Math.Pow(2, message.Deliveries - 1))));
    }

    private static async Task ReturnAsync(IHeldMessage message, TimeSpan after)
    {
        await message.ReturnAsync(after, CancellationToken.None);
        Settled("returned");
    }

    /// <summary>By then a worker that has nothing to do has looked.</summary>
    private async Task PassOnAsync(IHeldMessage message)
    {
        await message.PassOnAsync(Jitter(options.Idle), CancellationToken.None);
        Settled("returned");
    }

    private async Task RejectAsync(IHeldMessage message, string reason)
    {
        await message.RejectAsync(reason, CancellationToken.None);
        Settled("rejected");
        options.OnProblem?.Invoke($"A message was moved to '{source.Name}-poison': {reason}");
    }

    private static void Settled(string outcome) => FlowLogMeters.WorkerMessages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Renews what is held three times within the time that it is held for.</summary>
    private async Task RenewAllAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(source.Hold / 3, options.Time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            await Parallel.ForEachAsync(_held.Keys, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (message, token) => await RenewAsync(message, token));
            await CountAsync(ct);
        }
    }

    private static async Task RenewAsync(IHeldMessage message, CancellationToken ct)
    {
        try
        {
            await message.RenewAsync(ct);
        }
        catch (Exception e) when (e is IOException or StorageDeniedException)
        {
            // Settled this moment, or lost: somebody else may have it now, and both may finish it.
        }
    }

    private async Task CountAsync(CancellationToken ct)
    {
        try
        {
            if (await source.CountAsync(ct) is { } count)
                FlowLogMeters.WorkerWaiting.Record(count);
        }
        catch (Exception e) when (e is IOException or StorageDeniedException)
        {
            // A number for people; the next look may have it.
        }
    }

    private async Task PauseAsync(int emptyLooks, CancellationToken stop)
    {
        var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(emptyLooks - 1, 20)));
        await Task.Delay(Jitter(pause < options.Idle ? pause : options.Idle), options.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

#pragma warning disable CA5394 // Nothing secret depends on it.
    private static TimeSpan Jitter(TimeSpan pause) => pause * (0.75 + (0.5 * Random.Shared.NextDouble()));
#pragma warning restore CA5394
}
