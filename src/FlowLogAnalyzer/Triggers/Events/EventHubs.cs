using FlowLogAnalyzer.Triggers.Events.Kafka;

namespace FlowLogAnalyzer.Triggers.Events;

/// <summary>Opens event hubs by their Kafka endpoint: the one place that says which client stands behind the ports.</summary>
public static class EventHubs
{
    /// <summary>Kafka groups keep their offsets in the service, apart from the checkpoints of other clients.</summary>
    public const string DefaultGroup = "flowlog";

    /// <exception cref="ArgumentException">The connection string does not fit.</exception>
    public static IEventSource OpenSource(EventHubAddress address, string group, EventHubAccess access) => new KafkaEventSource(address, group, access);

    /// <exception cref="ArgumentException">The connection string does not fit.</exception>
    public static IEventSink OpenSink(EventHubAddress address, EventHubAccess access) => new KafkaEventSink(address, access);
}
