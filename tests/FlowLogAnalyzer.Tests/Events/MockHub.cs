using System.Text;
using Confluent.Kafka;
using FlowLogAnalyzer.Triggers.Events;

namespace FlowLogAnalyzer.Tests.Events;

/// <summary>
/// librdkafka's own mock cluster: three brokers on loopback that live as long as this object, with groups, offsets and
/// rebalances, and topics of four partitions. It knows no security.
/// </summary>
internal sealed class MockHub : IDisposable
{
    private const int Brokers = 3;

    private readonly IProducer<byte[], byte[]> _producer;

    public MockHub(string? hub = null)
    {
        Hub = hub ?? "t" + Guid.NewGuid().ToString("N");
        var config = new ProducerConfig { BootstrapServers = "mock:1", LingerMs = 1 };
        config.Set("test.mock.num.brokers", Brokers.ToString());
        _producer = new ProducerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        var broker = admin.GetMetadata(Hub, TimeSpan.FromSeconds(30)).Brokers[0]; // this makes the topic, too
        Endpoint = $"{broker.Host}:{broker.Port}";
    }

    public string Hub { get; }

    public string Endpoint { get; }

    public EventHubAddress Address => EventHubAddress.Parse($"{Endpoint}/{Hub}");

    /// <summary>Nothing of this machine's environment.</summary>
    public static EventHubAccess Access { get; } = new() { ConnectionString = null, DeliveryTimeout = TimeSpan.FromSeconds(20) };

    public Task SendAsync(params string[] events) => SendAsync(events.Select(e => (Encoding.UTF8.GetBytes(e), (string?)null)));

    /// <summary>Without a key the events spread over the partitions.</summary>
    public Task SendAsync(IEnumerable<(byte[] Body, string? Key)> events) =>
        Task.WhenAll(events.Select((e, i) => _producer.ProduceAsync(
            new TopicPartition(Hub, e.Key is null ? i % 4 : Partition.Any), new Message<byte[], byte[]> { Key = e.Key is null ? null! : Encoding.UTF8.GetBytes(e.Key), Value = e.Body })));

    /// <summary>Everything that lies in the hub, by partition and offset.</summary>
    public IReadOnlyList<(string Key, string Body, int Partition)> All()
    {
        var config = new ConsumerConfig { BootstrapServers = Endpoint, GroupId = "look", EnablePartitionEof = true, EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Earliest };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, 4).Select(p => new TopicPartitionOffset(Hub, p, Offset.Beginning)));
        var found = new List<(string, string, int)>();
        for (var ended = 0; ended < 4;)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new InvalidOperationException("The mock cluster is silent.");
            if (result.IsPartitionEOF)
                ended++;
            else
                found.Add((Encoding.UTF8.GetString(result.Message.Key ?? []), Encoding.UTF8.GetString(result.Message.Value), result.Partition.Value));
        }

        consumer.Close();
        return found;
    }

    /// <summary>What the group has written down, per partition; -1001 where it has nothing.</summary>
    public IReadOnlyList<long> Committed(string group)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Endpoint, GroupId = group }).SetLogHandler((_, _) => { }).Build();
        return [.. consumer.Committed(Enumerable.Range(0, 4).Select(p => new TopicPartition(Hub, p)), TimeSpan.FromSeconds(20)).Select(o => o.Offset.Value)];
    }

    public void Dispose() => _producer.Dispose();
}
