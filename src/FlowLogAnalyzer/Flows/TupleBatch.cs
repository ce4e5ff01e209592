namespace FlowLogAnalyzer.Flows;

/// <summary>One tuple on its way into a <see cref="TupleBatch"/>; -1 stands for "not given" in ports, protocol and counters.</summary>
public struct TupleValues
{
    public long TimeMs;
    public IpAddressKey Source;
    public IpAddressKey Destination;
    public int SourcePort;
    public int DestinationPort;
    public short Protocol;
    public Direction Direction;
    public Decision Decision;
    public FlowState State;
    public string? Encryption;
    public long PacketsSent;
    public long BytesSent;
    public long PacketsReceived;
    public long BytesReceived;
    public QualityFlags Flags;

    /// <summary>Unknown codes as <c>field=text</c> joined by <c>;</c>, or null.</summary>
    public string? Other;
}

/// <summary>
/// Rows of one blob as arrays, one per column. What repeats over many rows (record, rule, NIC) is one object that the
/// rows point to by <see cref="Group"/>, so a row costs no string and no allocation.
/// </summary>
public sealed class TupleBatch(BlobIdentity blob, int capacity = 4096)
{
    private readonly List<TupleGroup> _groups = [];

    public BlobIdentity Blob { get; private set; } = blob;

    public int Count { get; private set; }

    /// <summary>Rows that fit without growing.</summary>
    public int Capacity => TimeMs.Length;

    /// <summary>False when <see cref="Encryption"/> is null in every row.</summary>
    public bool HasEncryption { get; private set; }

    /// <summary>False when <see cref="Other"/> is null in every row.</summary>
    public bool HasOther { get; private set; }

    public AddressTable Addresses { get; } = new();

    public IReadOnlyList<TupleGroup> Groups => _groups;

    /// <summary>Unix milliseconds, UTC.</summary>
    public long[] TimeMs = new long[capacity];

    /// <summary>Index into <see cref="Groups"/>.</summary>
    public int[] Group = new int[capacity];

    /// <summary>Position of the tuple in its record, from 0, rejected ones counted.</summary>
    public int[] TupleIndex = new int[capacity];

    /// <summary>Id in <see cref="Addresses"/>.</summary>
    public int[] Source = new int[capacity];

    /// <summary>Id in <see cref="Addresses"/>.</summary>
    public int[] Destination = new int[capacity];

    public int[] SourcePort = new int[capacity];
    public int[] DestinationPort = new int[capacity];
    public short[] Protocol = new short[capacity];
    public Direction[] Direction = new Direction[capacity];
    public Decision[] Decision = new Decision[capacity];
    public FlowState[] State = new FlowState[capacity];
    public string?[] Encryption = new string?[capacity];
    public long[] PacketsSent = new long[capacity];
    public long[] BytesSent = new long[capacity];
    public long[] PacketsReceived = new long[capacity];
    public long[] BytesReceived = new long[capacity];
    public QualityFlags[] Flags = new QualityFlags[capacity];
    public string?[] Other = new string?[capacity];

    /// <summary>Empties the batch and gives it to another blob; the arrays stay.</summary>
    public void Reset(BlobIdentity blob)
    {
        Blob = blob;
        Truncate(0);
        HasEncryption = HasOther = false;
        _groups.Clear();
        Addresses.Clear();
    }

    /// <summary>Makes room for <paramref name="rows"/> more rows.</summary>
    public void EnsureRoom(int rows)
    {
        if (Count + rows > TimeMs.Length)
            Resize(Math.Max(Count + rows, TimeMs.Length + (TimeMs.Length / 2)));
    }

    /// <summary>Counts rows as there that were written straight into the arrays, behind <see cref="Count"/> and within <see cref="Capacity"/>; texts are null there.</summary>
    public void Commit(int rows, bool withEncryption)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, TimeMs.Length - Count);
        Count += rows;
        HasEncryption |= withEncryption && rows > 0;
    }

    public TupleGroup RecordOf(int row, out TupleRecord record)
    {
        var group = _groups[Group[row]];
        record = group.Record;
        return group;
    }

    /// <summary>Starts a group; rows added from now on belong to it.</summary>
    public TupleGroup BeginGroup(TupleRecord record)
    {
        var group = new TupleGroup { Record = record };
        _groups.Add(group);
        return group;
    }

    /// <summary>Adds a row to the group begun last.</summary>
    public void Add(in TupleValues values, int tupleIndex)
    {
        if (Count == TimeMs.Length)
            Resize(Math.Max(256, TimeMs.Length * 2));

        var row = Count++;
        TimeMs[row] = values.TimeMs;
        Group[row] = _groups.Count - 1;
        TupleIndex[row] = tupleIndex;
        Source[row] = Addresses.Intern(values.Source);
        Destination[row] = Addresses.Intern(values.Destination);
        SourcePort[row] = values.SourcePort;
        DestinationPort[row] = values.DestinationPort;
        Protocol[row] = values.Protocol;
        Direction[row] = values.Direction;
        Decision[row] = values.Decision;
        State[row] = values.State;
        Encryption[row] = values.Encryption;
        HasEncryption |= values.Encryption is not null;
        PacketsSent[row] = values.PacketsSent;
        BytesSent[row] = values.BytesSent;
        PacketsReceived[row] = values.PacketsReceived;
        BytesReceived[row] = values.BytesReceived;
        Flags[row] = values.Flags;
        Other[row] = values.Other;
        HasOther |= values.Other is not null;
    }

    /// <summary>Takes back every row from <paramref name="count"/> on: a record that turned out to be unusable leaves nothing behind.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        // Behind the last row texts are always null: who writes rows without them need not touch these arrays.
        if (HasEncryption)
            Encryption.AsSpan(count, Count - count).Clear();
        if (HasOther)
            Other.AsSpan(count, Count - count).Clear();
        Count = count;
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
                Move(from, to++);
        }

        Truncate(to);
    }

    /// <summary>As <see cref="Truncate(int)"/>, and forgets the groups from <paramref name="groupCount"/> on; no row may be left in them.</summary>
    public void Truncate(int count, int groupCount)
    {
        Truncate(count);
        _groups.RemoveRange(groupCount, _groups.Count - groupCount);
    }

    /// <summary>Gives back arrays that are mostly empty: small blobs wait for their commit by the thousand.</summary>
    public void Trim()
    {
        if (TimeMs.Length > (2L * Count) + 1024)
            Resize(Math.Max(Count, 1));
    }

    private void Move(int from, int to)
    {
        TimeMs[to] = TimeMs[from];
        Group[to] = Group[from];
        TupleIndex[to] = TupleIndex[from];
        Source[to] = Source[from];
        Destination[to] = Destination[from];
        SourcePort[to] = SourcePort[from];
        DestinationPort[to] = DestinationPort[from];
        Protocol[to] = Protocol[from];
        Direction[to] = Direction[from];
        Decision[to] = Decision[from];
        State[to] = State[from];
        Encryption[to] = Encryption[from];
        PacketsSent[to] = PacketsSent[from];
        BytesSent[to] = BytesSent[from];
        PacketsReceived[to] = PacketsReceived[from];
        BytesReceived[to] = BytesReceived[from];
        Flags[to] = Flags[from];
        Other[to] = Other[from];
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
