using Confluent.Kafka;

namespace FlowLogAnalyzer.Triggers.Events.Kafka;

/// <summary>
/// A member of a consumer group. librdkafka wants to be polled without pause, and a commit to the lake may take minutes: so
/// a thread of its own polls, and pauses the partitions while enough events wait here.
/// </summary>
internal sealed class KafkaEventSource : IEventSource
{
    private const int MaxWaiting = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly EventHubAddress _address;
    private readonly EventHubAccess _access;
    private readonly IConsumer<Ignore, byte[]> _consumer;
    private readonly PartitionBook _book = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private Exception? _failure;
    private bool _isPaused;

    public KafkaEventSource(EventHubAddress address, string group, EventHubAccess access)
    {
        (_address, _access) = (address, access);
        var tokens = new KafkaTokens(address, access);
        _consumer = new ConsumerBuilder<Ignore, byte[]>(KafkaSettings.Consumer(address, group, access))
            .SetOAuthBearerTokenRefreshHandler((client, _) => tokens.Refresh(client))
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, _) => { }) // what matters comes as an error
            .SetPartitionsAssignedHandler((_, assigned) => Tell(() => _book.Assign(assigned.Select(p => p.Partition.Value))))
            .SetPartitionsRevokedHandler((_, revoked) => Tell(() => _book.Revoke(revoked.Select(p => p.Partition.Value))))
            .SetPartitionsLostHandler((_, lost) => Tell(() => _book.Revoke(lost.Select(p => p.Partition.Value))))
            .Build();
        _consumer.Subscribe(address.Hub);
        _thread = new Thread(Run) { IsBackground = true, Name = "flowlog event hub" };
        _thread.Start();
    }

    public string Name => _address.ToString();

    public async ValueTask<EventBatch> ReceiveAsync(TimeSpan patience, CancellationToken ct)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            if (Volatile.Read(ref _failure) is { } failure)
                throw failure;

            var batch = _book.Take();
            var left = deadline - Environment.TickCount64;
            if (batch.Events.Count > 0 || left <= 0)
                return batch;

            await _changed.WaitAsync((int)Math.Min(left, int.MaxValue), ct);
        }
    }

    public async ValueTask CheckpointAsync(CancellationToken ct)
    {
        var offsets = _book.Taken().Select(t => new TopicPartitionOffset(_address.Hub, t.Partition, t.Next)).ToList();
        if (offsets.Count == 0)
            return;

        try
        {
            await Task.Run(() => _consumer.Commit(offsets), ct);
            _book.Committed(offsets.Select(o => (o.Partition.Value, o.Offset.Value)));
        }
        catch (KafkaException e) when (KafkaErrors.IsRebalance(e.Error))
        {
            // The members of the group are just being counted: whoever gets these partitions reads the events again.
        }
        catch (KafkaException e)
        {
            throw KafkaErrors.Translate(e.Error, _address, KafkaErrors.ReadRight);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.Run(_thread.Join);
        _consumer.Dispose();
        _stop.Dispose();
        _changed.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                KeepPace();
                if (_consumer.Consume(Poll) is { } result)
                    Take(result);
            }
            catch (KafkaException e) when (KafkaErrors.IsFinal(e.Error))
            {
                Fail(KafkaErrors.Translate(e.Error, _address, KafkaErrors.ReadRight));
                break;
            }
            catch (KafkaException e)
            {
                _access.OnNote?.Invoke($"Event hub {_address}: {e.Error.Reason}");
            }
        }

        Leave();
    }

    private void Take(ConsumeResult<Ignore, byte[]> result)
    {
        var partition = result.Partition.Value;
        Tell(() =>
        {
            if (result.IsPartitionEOF)
                _book.AtEnd(partition);
            else
                _book.Add(new ReceivedEvent(partition, result.Offset.Value, new DateTimeOffset(result.Message.Timestamp.UtcDateTime), result.Message.Value ?? []));
        });
    }

    private void KeepPace()
    {
        var isFull = _book.Waiting >= MaxWaiting;
        if (isFull == _isPaused)
            return;

        if (isFull)
            _consumer.Pause(_consumer.Assignment);
        else
            _consumer.Resume(_consumer.Assignment);
        _isPaused = isFull;
    }

    /// <summary>Leaves the group at once, so that the others need not wait for a session to expire.</summary>
    private void Leave()
    {
        try
        {
            _consumer.Close();
        }
        catch (KafkaException e)
        {
            _access.OnNote?.Invoke($"Event hub {_address}: the group could not be left in order ({e.Error.Reason}); the others wait until this session expires.");
        }
    }

    /// <summary>librdkafka tries on by itself. Before the first assignment a refusal is final: nobody would notice a wrong key.</summary>
    private void OnError(Error error)
    {
        if (error.IsFatal || (KafkaErrors.IsDenied(error) && !_book.WasAssigned))
            Fail(KafkaErrors.Translate(error, _address, KafkaErrors.ReadRight));
        else if (error.Code is not ErrorCode.Local_Transport)
            _access.OnNote?.Invoke($"Event hub {_address}: {error.Reason}. It is tried again.");
    }

    private void Fail(Exception failure) => Tell(() => Interlocked.CompareExchange(ref _failure, failure, null));

    /// <summary>Changes something and wakes who waits for it.</summary>
    private void Tell(Action change)
    {
        change();
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // Woken already.
        }
    }
}
