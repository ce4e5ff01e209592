using Confluent.Kafka;

namespace FlowLogAnalyzer.Triggers.Events.Kafka;

/// <summary>What Event Hubs asks of Kafka clients (Azure docs, apache-kafka-configurations, December 2025).</summary>
internal static class KafkaSettings
{
    /// <summary>The service closes connections that were idle for 240 s, and refuses events of more than 1 MB (Standard) however they are packed.</summary>
    private const int MetadataMaxAgeMs = 180_000;
    public const int MaxEventBytes = 1_000_000;

    /// <summary>Room for what Kafka puts around an event.</summary>
    public const int EnvelopeBytes = 4_096;

    public static ConsumerConfig Consumer(EventHubAddress address, string group, EventHubAccess access) => Client(new ConsumerConfig
    {
        GroupId = group,
        // Kept by hand: an offset is committed when its rows are in the lake.
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        EnablePartitionEof = true,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        // Cooperative assignment is not documented for Event Hubs; ranges are.
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range,
        SessionTimeoutMs = 30_000,
        QueuedMaxMessagesKbytes = 16 * 1024,
    }, address, access);

    public static ProducerConfig Producer(EventHubAddress address, EventHubAccess access) => Client(new ProducerConfig
    {
        Acks = Acks.All,
        EnableIdempotence = true,
        MessageMaxBytes = MaxEventBytes,
        MessageTimeoutMs = (int)access.DeliveryTimeout.TotalMilliseconds,
        RequestTimeoutMs = (int)Math.Min(60_000, access.DeliveryTimeout.TotalMilliseconds),
        CompressionType = CompressionType.None,
        LingerMs = 20,
        // A hub that does not exist: soon enough to be told apart from one that is slow.
        TopicMetadataPropagationMaxMs = (int)Math.Min(10_000, access.DeliveryTimeout.TotalMilliseconds / 2),
    }, address, access);

    /// <summary>The scope of tokens for a namespace.</summary>
    public static string Scope(EventHubAddress address) => $"https://{address.Host}/.default";

    private static T Client<T>(T config, EventHubAddress address, EventHubAccess access)
        where T : ClientConfig
    {
        access.Check(address);
        config.BootstrapServers = address.Endpoint;
        config.ClientId = "flowlog";
        config.SocketKeepaliveEnable = true;
        config.MetadataMaxAgeMs = MetadataMaxAgeMs;
        config.AllowAutoCreateTopics = false;
        Secure(config, address, access);
        return config;
    }

    /// <summary>Keys and tokens travel encrypted; only an emulator on this machine is spoken to in the clear.</summary>
    private static void Secure(ClientConfig config, EventHubAddress address, EventHubAccess access)
    {
        if (access.ConnectionString is not null)
        {
            config.SecurityProtocol = address.IsLoopback ? SecurityProtocol.SaslPlaintext : SecurityProtocol.SaslSsl;
            config.SaslMechanism = SaslMechanism.Plain;
            config.SaslUsername = "$ConnectionString";
            config.SaslPassword = access.ConnectionString;
        }
        else if (!address.IsLoopback || access.Credential is not null)
        {
            config.SecurityProtocol = SecurityProtocol.SaslSsl;
            config.SaslMechanism = SaslMechanism.OAuthBearer;
        }
    }
}
