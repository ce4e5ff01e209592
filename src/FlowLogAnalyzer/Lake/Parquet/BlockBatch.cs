using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>
/// Rows of a block, which a general reader read from a file of another writer, as a tuple batch again, so that they are
/// written with the same encoder as those of ingest. Texts of a block are pooled by its reader.
/// </summary>
internal sealed class BlockBatch
{
    private readonly ColumnBlock _block;
    private readonly string?[][] _texts;
    private readonly GroupTable _groups = new();
    private readonly Dictionary<string, IpAddressKey> _addresses = new(StringComparer.Ordinal);
    private readonly TupleBatch _batch;

    private BlockBatch(ColumnBlock block)
    {
        _block = block;
        _texts = [.. block.Columns.Select((c, i) => c.Type == ColumnType.String ? block.Texts(i) : [])];
        _batch = new TupleBatch(block.Count == 0 ? new BlobIdentity("") : GroupTable.Identity(Record(0)), Math.Max(1, block.Count));
    }

    /// <summary>The rows in the order of the block.</summary>
    /// <exception cref="InvalidDataException">A cell is nothing that the lake could hold.</exception>
    public static TupleBatch Of(ColumnBlock block)
    {
        var rows = new BlockBatch(block);
        rows._groups.Begin(rows._batch);
        for (var row = 0; row < block.Count; row++)
            rows.Append(row);
        return rows._batch;
    }

    private void Append(int row)
    {
        var group = _groups.Find(new GroupValues(Record(row), Text(C.Rule, row), Text(C.AclId, row), Text(C.Mac, row)));
        _batch.Add(
            new TupleValues
            {
                TimeMs = Time(row),
                Source = Address(Required(C.SrcIp, row)),
                Destination = Address(Required(C.DstIp, row)),
                SourcePort = OrMinusOne(C.SrcPort, row, ushort.MaxValue),
                DestinationPort = OrMinusOne(C.DstPort, row, ushort.MaxValue),
                Protocol = (short)OrMinusOne(C.Protocol, row, short.MaxValue),
                Direction = FlowWordParser.Direction(Text(C.Direction, row)),
                Decision = FlowWordParser.Decision(Text(C.Decision, row)),
                State = FlowWordParser.State(Text(C.State, row)),
                Encryption = Text(C.Encryption, row),
                PacketsSent = OrMinusOne(C.PacketsSent, row),
                BytesSent = OrMinusOne(C.BytesSent, row),
                PacketsReceived = OrMinusOne(C.PacketsReceived, row),
                BytesReceived = OrMinusOne(C.BytesReceived, row),
                Flags = (QualityFlags)Number(C.Flags, row),
                Other = Text(C.Other, row),
            },
            Number(C.TupleIndex, row));
        // The row was added to the group begun last; rows of several groups come mixed here.
        _batch.Group[_batch.Count - 1] = group;
    }

    private RecordValues Record(int row) => new(
        Required(C.Blob, row), Long(C.BlobHour)[row], Number(C.RecordIndex, row), Long(C.RecordTime)[row], Required(C.Format, row),
        Text(C.SystemId, row), Text(C.ResourceId, row), Text(C.TargetId, row));

    private IpAddressKey Address(string text)
    {
        ref var address = ref CollectionsMarshal.GetValueRefOrAddDefault(_addresses, text, out var known);
        if (!known && !IpAddressKey.TryParse(text, out address))
            throw new InvalidDataException($"The lake holds '{text}' where an IP address was expected.");
        return address;
    }

    private string? Text(int column, int row) => _texts[column][row];

    private long[] Long(int column) => _block.Longs(column);

    private int[] Int(int column) => _block.Ints(column);

    private string Required(int column, int row) => Text(column, row) ?? throw Missing(column);

    private long Time(int row) => Long(C.Time)[row] is var time && time != ColumnBlock.NullLong ? time : throw Missing(C.Time);

    private int Number(int column, int row) => Int(column)[row] is var value && value != ColumnBlock.NullInt ? (int)Checked(column, value, int.MaxValue) : throw Missing(column);

    private int OrMinusOne(int column, int row, int most) => Int(column)[row] is var value && value == ColumnBlock.NullInt ? -1 : (int)Checked(column, value, most);

    private long OrMinusOne(int column, int row) => Long(column)[row] is var value && value == ColumnBlock.NullLong ? -1 : Checked(column, value, long.MaxValue);

    /// <summary>What the decoder would refuse must not be written: nobody could merge that file any more.</summary>
    private long Checked(int column, long value, long most) =>
        value >= 0 && value <= most ? value : throw new InvalidDataException($"Its column {_block.Columns[column].Name} holds {value}, where 0 to {most} was expected.");

    private InvalidDataException Missing(int column) => new($"Its column {_block.Columns[column].Name} lacks a value.");

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
