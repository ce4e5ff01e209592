namespace FlowLogAnalyzer.Triggers.Queues;

/// <summary>
/// Where work comes from that any number of processes share: each message is given to one of them for a while, and to
/// another one when it is not settled by then.
/// </summary>
public interface IWorkSource
{
    /// <summary>For messages to people.</summary>
    string Name { get; }

    /// <summary>How long a message is held before somebody else gets it, unless it is renewed.</summary>
    TimeSpan Hold { get; }

    /// <summary>Up to <paramref name="most"/> messages; none when there are none right now.</summary>
    /// <exception cref="IOException">Not now; trying again may help.</exception>
    Task<IReadOnlyList<IHeldMessage>> TakeAsync(int most, CancellationToken ct);

    /// <summary>About how many messages there are, held ones included; null when the source does not know.</summary>
    Task<long?> CountAsync(CancellationToken ct);
}

/// <summary>A message that this process holds. Each way to settle it throws <see cref="IOException"/> when it cannot be told to the source, and somebody else will get the message again.</summary>
public interface IHeldMessage
{
    string Text { get; }

    DateTimeOffset Enqueued { get; }

    /// <summary>How often it was given to somebody, this time included.</summary>
    long Deliveries { get; }

    /// <summary>Holds it for longer.</summary>
    Task RenewAsync(CancellationToken ct);

    /// <summary>It is done: nobody gets it again.</summary>
    Task CompleteAsync(CancellationToken ct);

    /// <summary>Not now: somebody gets it again after a while.</summary>
    Task ReturnAsync(TimeSpan after, CancellationToken ct);

    /// <summary>Not here: after a while it is new to everybody, with no delivery counted. Whoever dies in the middle of this leaves it twice.</summary>
    Task PassOnAsync(TimeSpan after, CancellationToken ct);

    /// <summary>Never: it goes where people see it, with the reason.</summary>
    Task RejectAsync(string reason, CancellationToken ct);
}
