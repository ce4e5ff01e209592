using System.Text;
using Confluent.Kafka;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Triggers.Events.Kafka;

/// <summary>A producer that believes an event to be there when the hub has said so.</summary>
internal sealed class KafkaEventSink : IEventSink
{
    private readonly EventHubAddress _address;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly TaskCompletionSource<Error> _denied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public KafkaEventSink(EventHubAddress address, EventHubAccess access)
    {
        _address = address;
        var tokens = new KafkaTokens(address, access);
        _producer = new ProducerBuilder<byte[], byte[]>(KafkaSettings.Producer(address, access))
            .SetOAuthBearerTokenRefreshHandler((client, _) => tokens.Refresh(client))
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, _) => { }) // what matters comes as an error or in a delivery report
            .Build();
    }

    public string Name => _address.ToString();

    public int MaxEventBytes => KafkaSettings.MaxEventBytes - KafkaSettings.EnvelopeBytes;

    public async ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken ct)
    {
        var deliveries = new Deliveries(events.Count);
        foreach (var one in events)
            await ProduceAsync(one, deliveries, ct);

        // A refusal is tried again by librdkafka until the events time out; there is no point in waiting for that.
        var all = deliveries.AllAsync();
        if (await Task.WhenAny(all, _denied.Task).WaitAsync(ct) != all)
            throw KafkaErrors.Translate(await _denied.Task, _address, KafkaErrors.SendRight);

        var failures = await all;
        FlowLogMeters.EventsSent.Add(events.Count - failures.Count);
        if (failures.Count == 0)
            return;

        var cause = KafkaErrors.Translate(failures[0], _address, KafkaErrors.SendRight);
        throw cause is EventHubDeniedException ? cause : new EventHubException($"{failures.Count} of {events.Count} events were not confirmed. {cause.Message}", cause);
    }

    public ValueTask DisposeAsync()
    {
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask ProduceAsync(OutgoingEvent one, Deliveries deliveries, CancellationToken ct)
    {
        var key = Encoding.UTF8.GetBytes(one.Key);
        if (key.Length + one.Body.Length > MaxEventBytes)
            throw new ArgumentException($"An event of {key.Length + one.Body.Length} bytes is larger than {MaxEventBytes}, the most that {_address} takes.", nameof(one));

        var message = new Message<byte[], byte[]> { Key = key, Value = one.Body.ToArray() };
        while (true)
        {
            try
            {
                _producer.Produce(_address.Hub, message, report => deliveries.Add(report.Error));
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(50, ct); // the queue empties as the hub confirms
            }
            catch (ProduceException<byte[], byte[]> e)
            {
                throw KafkaErrors.Translate(e.Error, _address, KafkaErrors.SendRight);
            }
        }
    }

    private void OnError(Error error)
    {
        if (KafkaErrors.IsDenied(error))
            _denied.TrySetResult(error);
    }

    /// <summary>Collects one report per event.</summary>
    private sealed class Deliveries(int expected)
    {
        private readonly List<Error> _failures = [];
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public void Add(Error error)
        {
            lock (_failures)
            {
                if (error.IsError)
                    _failures.Add(error);
                if (++_count == expected)
                    _all.TrySetResult();
            }
        }

        public async Task<IReadOnlyList<Error>> AllAsync()
        {
            if (expected > 0)
                await _all.Task;
            lock (_failures)
                return [.. _failures];
        }
    }
}
