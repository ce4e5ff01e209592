using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Triggers.Events.Kafka;

/// <summary>Which partitions this reader has, what came of them, and up to where it was taken. Used by two threads.</summary>
internal sealed class PartitionBook
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _assigned = [];
    private readonly HashSet<int> _atEnd = [];
    private readonly Dictionary<int, long> _taken = [];
    private List<ReceivedEvent> _waiting = [];

    /// <summary>True once the group has given this reader its share, be it none.</summary>
    public bool WasAssigned { get; private set; }

    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    public void Assign(IEnumerable<int> partitions)
    {
        lock (_gate)
        {
            WasAssigned = true;
            _assigned.UnionWith(partitions);
        }
    }

    /// <summary>They go to another reader, with everything that was not committed: it is neither handed out nor committed here.</summary>
    public void Revoke(IEnumerable<int> partitions)
    {
        lock (_gate)
        {
            foreach (var partition in partitions)
            {
                _assigned.Remove(partition);
                _atEnd.Remove(partition);
                _taken.Remove(partition);
                _waiting.RemoveAll(e => e.Partition == partition);
            }
        }
    }

    public void Add(ReceivedEvent received)
    {
        lock (_gate)
        {
            _atEnd.Remove(received.Partition);
            _waiting.Add(received);
        }
    }

    public void AtEnd(int partition)
    {
        lock (_gate)
            _atEnd.Add(partition);
    }

    /// <summary>Everything that waits.</summary>
    public EventBatch Take()
    {
        lock (_gate)
        {
            var events = _waiting;
            _waiting = [];
            foreach (var received in events)
                _taken[received.Partition] = received.Offset + 1;
            FlowLogMeters.EventsReceived.Add(events.Count);
            return new EventBatch(events, WasAssigned && _assigned.IsSubsetOf(_atEnd));
        }
    }

    /// <summary>Per partition, the offset behind the last event that was taken and not committed.</summary>
    public IReadOnlyList<(int Partition, long Next)> Taken()
    {
        lock (_gate)
            return [.. _taken.Select(t => (t.Key, t.Value))];
    }

    public void Committed(IEnumerable<(int Partition, long Next)> offsets)
    {
        lock (_gate)
        {
            foreach (var (partition, next) in offsets)
            {
                if (_taken.GetValueOrDefault(partition) == next)
                    _taken.Remove(partition);
            }
        }
    }
}
