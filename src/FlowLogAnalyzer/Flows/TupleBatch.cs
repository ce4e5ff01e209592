namespace FlowLogAnalyzer.Flows;

/// <summary>
/// Rows of a blob (read from a lake, of several) as arrays, one per column. What repeats over many rows (record, rule, NIC) is one object that the
/// rows point to by <see cref="Group"/>, so a row costs no string and no allocation.
/// </summary>
public sealed class TupleBatch(BlobIdentity blob, int capacity = 4096)
{
    private GroupList _groups = new();

    public BlobIdentity Blob { get; private set; } = blob;

    public int Count { get; private set; }

    /// <summary>Rows that fit without growing.</summary>
    public int Capacity => TimeMs.Length;

    /// <summary>False when no row has an <see cref="Encryption"/>.</summary>
    public bool HasEncryption { get; private set; }

    /// <summary>False when no row has an <see cref="Other"/>.</summary>
    public bool HasOther { get; private set; }

    public AddressTable Addresses { get; private set; } = new();

    /// <summary>What the codes of <see cref="Encryption"/> and <see cref="Other"/> stand for.</summary>
    public TextTable Texts { get; private set; } = new();

    public IReadOnlyList<TupleGroup> Groups => _groups.Items;

    /// <summary>Unix milliseconds, UTC.</summary>
    public long[] TimeMs = new long[capacity];

    /// <summary>Index into <see cref="Groups"/>.</summary>
    public int[] Group = new int[capacity];

    /// <summary>Position of the tuple in its record, from 0, rejected ones counted.</summary>
    public int[] TupleIndex = new int[capacity];

    /// <summary>Code in <see cref="Addresses"/>.</summary>
    public uint[] Source = new uint[capacity];

    /// <summary>Code in <see cref="Addresses"/>.</summary>
    public uint[] Destination = new uint[capacity];

    public int[] SourcePort = new int[capacity];
    public int[] DestinationPort = new int[capacity];
    public short[] Protocol = new short[capacity];
    public Direction[] Direction = new Direction[capacity];
    public Decision[] Decision = new Decision[capacity];
    public FlowState[] State = new FlowState[capacity];

    /// <summary>Code in <see cref="Texts"/>.</summary>
    public int[] Encryption = new int[capacity];
    public long[] PacketsSent = new long[capacity];
    public long[] BytesSent = new long[capacity];
    public long[] PacketsReceived = new long[capacity];
    public long[] BytesReceived = new long[capacity];
    public QualityFlags[] Flags = new QualityFlags[capacity];

    /// <summary>Code in <see cref="Texts"/>.</summary>
    public int[] Other = new int[capacity];

    /// <summary>Empties the batch and gives it to another blob; the arrays stay, and so do the groups and records for those to come.</summary>
    public void Reset(BlobIdentity blob)
    {
        Blob = blob;
        Truncate(0);
        HasEncryption = HasOther = false;
        _groups.Clear();
        Addresses.Clear();
        Texts.Clear();
    }

    /// <summary>Makes room for <paramref name="rows"/> more rows.</summary>
    public void EnsureRoom(int rows)
    {
        if (Count + rows > TimeMs.Length)
            Resize(TupleBatchPool.CapacityFor(Count + rows));
    }

    /// <summary>Counts rows as there that were written straight into the arrays, behind <see cref="Count"/> and within <see cref="Capacity"/>; the codes of texts are 0 there unless it is said that rows have some.</summary>
    public void Commit(int rows, bool withEncryption, bool withOther = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, TimeMs.Length - Count);
        Count += rows;
        HasEncryption |= withEncryption && rows > 0;
        HasOther |= withOther && rows > 0;
    }

    public TupleGroup RecordOf(int row, out TupleRecord record)
    {
        var group = Groups[Group[row]];
        record = group.Record;
        return group;
    }

    /// <summary>The blob that the rows of a group came from.</summary>
    public BlobIdentity BlobOf(TupleGroup group) => group.Record.Blob ?? Blob;

    /// <summary>A record for groups of this batch.</summary>
    public TupleRecord NewRecord(int index) => _groups.NewRecord(index);

    /// <summary>Starts a group; rows added from now on belong to it.</summary>
    public TupleGroup BeginGroup(TupleRecord record) => _groups.Begin(record);

    /// <summary>Adds a row to the group begun last.</summary>
    public void Add(in TupleValues values, int tupleIndex)
    {
        EnsureRoom(1);
        var row = Count++;
        TimeMs[row] = values.TimeMs;
        Group[row] = Groups.Count - 1;
        TupleIndex[row] = tupleIndex;
        Source[row] = Addresses.Code(values.Source);
        Destination[row] = Addresses.Code(values.Destination);
        SourcePort[row] = values.SourcePort;
        DestinationPort[row] = values.DestinationPort;
        Protocol[row] = values.Protocol;
        Direction[row] = values.Direction;
        Decision[row] = values.Decision;
        State[row] = values.State;
        Encryption[row] = Texts.Code(values.Encryption);
        HasEncryption |= values.Encryption is not null;
        PacketsSent[row] = values.PacketsSent;
        BytesSent[row] = values.BytesSent;
        PacketsReceived[row] = values.PacketsReceived;
        BytesReceived[row] = values.BytesReceived;
        Flags[row] = values.Flags;
        Other[row] = Texts.Code(values.Other);
        HasOther |= values.Other is not null;
    }

    /// <summary>Takes back every row from <paramref name="count"/> on: a record that turned out to be unusable leaves nothing behind.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        // Behind the last row there are no texts: who writes rows without them need not touch these arrays.
        if (HasEncryption)
            Encryption.AsSpan(count, Count - count).Clear();
        if (HasOther)
            Other.AsSpan(count, Count - count).Clear();
        Count = count;
    }

    /// <summary>As <see cref="Truncate(int)"/>, and forgets the groups from <paramref name="groupCount"/> on; no row may be left in them.</summary>
    public void Truncate(int count, int groupCount)
    {
        Truncate(count);
        _groups.Truncate(groupCount);
    }

    /// <summary>Takes single rows out; the others keep their order. Rare, and linear in the rows behind the first one.</summary>
    public void RemoveRows(ReadOnlySpan<int> ascending)
    {
        if (ascending.IsEmpty)
            return;

        var to = ascending[0];
        var next = 0;
        for (var from = to; from < Count; from++)
        {
            if (next < ascending.Length && ascending[next] == from)
                next++;
            else
                CopyRows(this, from, to++, 1);
        }

        Truncate(to);
    }

    /// <summary>Moves everything to an empty batch of the same blob that has the room.</summary>
    internal void MoveTo(TupleBatch target)
    {
        target.CopyRows(this, 0, 0, Count);
        (target.Count, target.HasEncryption, target.HasOther) = (Count, HasEncryption, HasOther);
        (target._groups, _groups) = (_groups, target._groups);
        (target.Addresses, Addresses) = (Addresses, target.Addresses);
        (target.Texts, Texts) = (Texts, target.Texts);
    }

    private void CopyRows(TupleBatch source, int from, int to, int rows)
    {
        source.TimeMs.AsSpan(from, rows).CopyTo(TimeMs.AsSpan(to));
        source.Group.AsSpan(from, rows).CopyTo(Group.AsSpan(to));
        source.TupleIndex.AsSpan(from, rows).CopyTo(TupleIndex.AsSpan(to));
        source.Source.AsSpan(from, rows).CopyTo(Source.AsSpan(to));
        source.Destination.AsSpan(from, rows).CopyTo(Destination.AsSpan(to));
        source.SourcePort.AsSpan(from, rows).CopyTo(SourcePort.AsSpan(to));
        source.DestinationPort.AsSpan(from, rows).CopyTo(DestinationPort.AsSpan(to));
        source.Protocol.AsSpan(from, rows).CopyTo(Protocol.AsSpan(to));
        source.Direction.AsSpan(from, rows).CopyTo(Direction.AsSpan(to));
        source.Decision.AsSpan(from, rows).CopyTo(Decision.AsSpan(to));
        source.State.AsSpan(from, rows).CopyTo(State.AsSpan(to));
        source.Encryption.AsSpan(from, rows).CopyTo(Encryption.AsSpan(to));
        source.PacketsSent.AsSpan(from, rows).CopyTo(PacketsSent.AsSpan(to));
        source.BytesSent.AsSpan(from, rows).CopyTo(BytesSent.AsSpan(to));
        source.PacketsReceived.AsSpan(from, rows).CopyTo(PacketsReceived.AsSpan(to));
        source.BytesReceived.AsSpan(from, rows).CopyTo(BytesReceived.AsSpan(to));
        source.Flags.AsSpan(from, rows).CopyTo(Flags.AsSpan(to));
        source.Other.AsSpan(from, rows).CopyTo(Other.AsSpan(to));
    }

    private void Resize(int size)
    {
        Array.Resize(ref TimeMs, size);
        Array.Resize(ref Group, size);
        Array.Resize(ref TupleIndex, size);
        Array.Resize(ref Source, size);
        Array.Resize(ref Destination, size);
        Array.Resize(ref SourcePort, size);
        Array.Resize(ref DestinationPort, size);
        Array.Resize(ref Protocol, size);
        Array.Resize(ref Direction, size);
        Array.Resize(ref Decision, size);
        Array.Resize(ref State, size);
        Array.Resize(ref Encryption, size);
        Array.Resize(ref PacketsSent, size);
        Array.Resize(ref BytesSent, size);
        Array.Resize(ref PacketsReceived, size);
        Array.Resize(ref BytesReceived, size);
        Array.Resize(ref Flags, size);
        Array.Resize(ref Other, size);
    }
}
