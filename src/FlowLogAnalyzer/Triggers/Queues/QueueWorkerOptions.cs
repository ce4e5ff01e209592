namespace FlowLogAnalyzer.Triggers.Queues;

/// <summary>How a worker deals with the messages it takes.</summary>
public sealed record QueueWorkerOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Messages held at a time. More of them make larger commits, and fewer are left for other workers.</summary>
    public int MostHeld { get; init; } = 256;

    /// <summary>Deliveries after which a message is taken for poison.</summary>
    public int MostDeliveries { get; init; } = 5;

    /// <summary>The longest pause between looks at an empty queue.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long what has begun may take to end after the request to stop.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Told about messages that were not done, and about a source that does not answer; whole sentences.</summary>
    public Action<string>? OnProblem { get; init; }
}
