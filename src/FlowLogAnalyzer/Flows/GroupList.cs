namespace FlowLogAnalyzer.Flows;

/// <summary>The groups of a batch, and those of earlier uses of it, which are used again with their records: a log has some for every minute.</summary>
internal sealed class GroupList
{
    /// <summary>No more than this are kept, so that one odd blob does not hold memory for ever.</summary>
    private const int MostSpares = 4096;

    private readonly List<TupleGroup> _items = [];
    private readonly Stack<TupleGroup> _spareGroups = [];
    private readonly Stack<TupleRecord> _spareRecords = [];

    public IReadOnlyList<TupleGroup> Items => _items;

    public TupleRecord NewRecord(int index)
    {
        if (!_spareRecords.TryPop(out var record))
            return new TupleRecord { Index = index };
        record.Clear(index);
        return record;
    }

    public TupleGroup Begin(TupleRecord record)
    {
        if (!_spareGroups.TryPop(out var group))
            group = new TupleGroup { Record = record };
        group.Clear(record);
        _items.Add(group);
        return group;
    }

    /// <summary>What is taken back this way is not used again: the record may have more to say about it.</summary>
    public void Truncate(int count) => _items.RemoveRange(count, _items.Count - count);

    public void Clear()
    {
        TupleRecord? last = null;
        foreach (var group in _items)
        {
            if (_spareGroups.Count == MostSpares)
                break;
            _spareGroups.Push(group);
            // A record's groups lie together; one that comes again all the same is left to the collector.
            if (!ReferenceEquals(group.Record, last) && !group.Record.IsSpare)
            {
                group.Record.IsSpare = true;
                _spareRecords.Push(group.Record);
            }

            last = group.Record;
        }

        _items.Clear();
    }
}
