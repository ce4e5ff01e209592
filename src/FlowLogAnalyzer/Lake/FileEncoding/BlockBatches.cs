using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Files;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>
/// Rows that were read from the lake as tuple batches again, one per blob, so that compaction writes with the same
/// encoder as ingest. Texts of a block are pooled by its reader, so they are compared as references first.
/// </summary>
internal sealed class BlockBatches(ColumnBlock block)
{
    private readonly Dictionary<(string Blob, long Hour), int> _batchOf = [];
    private readonly Dictionary<GroupKey, int> _groups = [];
    private readonly Dictionary<string, IpAddressKey> _addresses = new(StringComparer.Ordinal);
    private readonly string?[][] _texts = [.. block.Columns.Select((c, i) => c.Type == ColumnType.String ? block.Texts(i) : [])];

    public List<TupleBatch> Batches { get; } = [];

    /// <summary>The rows in the order of the block.</summary>
    public RowRef[] Read()
    {
        var rows = new RowRef[block.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            var batch = BatchOf(row);
            rows[row] = new RowRef(batch, Batches[batch].Count);
            Append(Batches[batch], batch, row);
        }

        return rows;
    }

    private int BatchOf(int row)
    {
        var key = (Text(C.Blob, row)!, Long(C.BlobHour)[row]);
        ref var batch = ref CollectionsMarshal.GetValueRefOrAddDefault(_batchOf, key, out var known);
        if (known)
            return batch;
        batch = Batches.Count;
        Batches.Add(new TupleBatch(new BlobIdentity(key.Item1)
        {
            Hour = key.Item2 == ColumnBlock.NullLong ? null : new BlobHour(UnixTime.ToDateTime(key.Item2)),
        }));
        return batch;
    }

    private void Append(TupleBatch batch, int index, int row)
    {
        var group = GroupOf(batch, index, row);
        batch.Add(
            new TupleValues
            {
                TimeMs = Long(C.Time)[row],
                Source = Address(Text(C.SrcIp, row)!),
                Destination = Address(Text(C.DstIp, row)!),
                SourcePort = OrMinusOne(Int(C.SrcPort)[row]),
                DestinationPort = OrMinusOne(Int(C.DstPort)[row]),
                Protocol = (short)OrMinusOne(Int(C.Protocol)[row]),
                Direction = FlowWordParser.Direction(Text(C.Direction, row)),
                Decision = FlowWordParser.Decision(Text(C.Decision, row)),
                State = FlowWordParser.State(Text(C.State, row)),
                Encryption = Text(C.Encryption, row),
                PacketsSent = OrMinusOne(Long(C.PacketsSent)[row]),
                BytesSent = OrMinusOne(Long(C.BytesSent)[row]),
                PacketsReceived = OrMinusOne(Long(C.PacketsReceived)[row]),
                BytesReceived = OrMinusOne(Long(C.BytesReceived)[row]),
                Flags = (QualityFlags)Int(C.Flags)[row],
                Other = Text(C.Other, row),
            },
            Int(C.TupleIndex)[row]);
        // The row was added to the group begun last; rows of several groups come mixed here.
        batch.Group[batch.Count - 1] = group;
    }

    private int GroupOf(TupleBatch batch, int index, int row)
    {
        var key = new GroupKey(
            index, Int(C.RecordIndex)[row], Long(C.RecordTime)[row], Text(C.Rule, row), Text(C.AclId, row), Text(C.Mac, row), Text(C.Format, row),
            Text(C.SystemId, row), Text(C.ResourceId, row), Text(C.TargetId, row));
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, key, out var known);
        if (known)
            return group;
        var begun = batch.BeginGroup(new TupleRecord
        {
            Index = key.Record,
            Format = FlowWordParser.Format(key.Format),
            TimeMs = key.RecordTime == ColumnBlock.NullLong ? null : key.RecordTime,
            SystemId = key.SystemId,
            ResourceId = key.ResourceId,
            TargetId = key.TargetId,
        });
        (begun.Rule, begun.AclId, begun.Mac) = (key.Rule, key.AclId, key.Mac);
        return group = batch.Groups.Count - 1;
    }

    private IpAddressKey Address(string text)
    {
        ref var address = ref CollectionsMarshal.GetValueRefOrAddDefault(_addresses, text, out var known);
        if (!known && !IpAddressKey.TryParse(text, out address))
            throw new InvalidDataException($"The lake holds '{text}' where an IP address was expected.");
        return address;
    }

    private string? Text(int column, int row) => _texts[column][row];

    private long[] Long(int column) => block.Longs(column);

    private int[] Int(int column) => block.Ints(column);

    private static int OrMinusOne(int value) => value == ColumnBlock.NullInt ? -1 : value;

    private static long OrMinusOne(long value) => value == ColumnBlock.NullLong ? -1 : value;

    /// <summary>Everything that the rows of a group share.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct GroupKey(
        int Batch, int Record, long RecordTime, string? Rule, string? AclId, string? Mac, string? Format, string? SystemId, string? ResourceId, string? TargetId)
    {
        /// <summary>What differs within a blob; hashing the rest would only cost.</summary>
        public override int GetHashCode() => HashCode.Combine(Batch, Record, Rule is null ? 0 : RuntimeHelpers.GetHashCode(Rule));
    }

    /// <summary>Places of the columns, found by name once.</summary>
    private static class C
    {
        public static readonly int Time = At("time"), Mac = At("mac"), SrcIp = At("src_ip"), SrcPort = At("src_port"), DstIp = At("dst_ip");
        public static readonly int DstPort = At("dst_port"), Protocol = At("protocol"), Direction = At("direction"), Decision = At("decision");
        public static readonly int State = At("state"), Rule = At("rule"), AclId = At("acl_id"), PacketsSent = At("packets_sent");
        public static readonly int BytesSent = At("bytes_sent"), PacketsReceived = At("packets_received"), BytesReceived = At("bytes_received");
        public static readonly int Encryption = At("encryption"), Format = At("format"), SystemId = At("system_id"), ResourceId = At("resource_id");
        public static readonly int TargetId = At("target_id"), RecordTime = At("record_time"), BlobHour = At("blob_hour"), Blob = At("blob");
        public static readonly int RecordIndex = At("record_index"), TupleIndex = At("tuple_index"), Flags = At("flags"), Other = At("other");

        private static int At(string name) => FileColumn.Named(name).Index;
    }
}
