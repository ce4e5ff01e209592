namespace FlowLogAnalyzer.Triggers.Events;

/// <summary>An event as it came out of a hub, when the hub took it in, and where it lay, which is how people find it again.</summary>
public sealed record ReceivedEvent(int Partition, long Offset, DateTimeOffset Enqueued, ReadOnlyMemory<byte> Body);

/// <summary>Events that came together.</summary>
/// <param name="Events">None when none came in time.</param>
/// <param name="IsCaughtUp">True when nothing is waiting behind them in the partitions that this reader has.</param>
public sealed record EventBatch(IReadOnlyList<ReceivedEvent> Events, bool IsCaughtUp);

/// <summary>
/// Where events come from, at least once. One batch at a time: what was received and has not been checkpointed comes again,
/// to this reader or to another of its group. Another client of Event Hubs is plugged in here (docs/decisions/0008).
/// </summary>
public interface IEventSource : IAsyncDisposable
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>What is there; waits for something at most <paramref name="patience"/>.</summary>
    /// <exception cref="EventHubDeniedException">A right is missing, which no waiting brings.</exception>
    /// <exception cref="EventHubException">The hub does not exist, or nothing more can come of this reader.</exception>
    ValueTask<EventBatch> ReceiveAsync(TimeSpan patience, CancellationToken ct);

    /// <summary>Everything received so far is dealt with. Partitions that went to another reader meanwhile are that one's affair.</summary>
    /// <exception cref="EventHubException">It could not be written down; the next call tries again.</exception>
    ValueTask CheckpointAsync(CancellationToken ct);
}

/// <summary>An event to be sent. Events of one key stay in their order.</summary>
public sealed record OutgoingEvent(string Key, ReadOnlyMemory<byte> Body);

/// <summary>Where events go.</summary>
public interface IEventSink : IAsyncDisposable
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>Bytes that key and body of one event may have together.</summary>
    int MaxEventBytes { get; }

    /// <summary>Done when the hub has confirmed every one of them.</summary>
    /// <exception cref="EventHubDeniedException">A right is missing, which no waiting brings.</exception>
    /// <exception cref="EventHubException">Some were not confirmed; they may have arrived all the same.</exception>
    ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken ct);
}

/// <summary>The event hub cannot be reached, or refuses what it was asked for.</summary>
public sealed class EventHubException(string message, Exception? cause = null) : IOException(message, cause);

/// <summary>The event hub does not let this identity in. Trying again does not help: somebody has to grant a right.</summary>
public sealed class EventHubDeniedException(string message, Exception? cause = null) : Exception(message, cause);
