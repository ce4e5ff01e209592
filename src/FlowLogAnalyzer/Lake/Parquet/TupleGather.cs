using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>
/// Copies rows of tuple batches into a block whose columns are those of <see cref="TupleFileWriter.DataColumns"/>: the way
/// of a general Parquet writer, which tests and benchmarks hold against <see cref="FlowFileEncoder"/>.
/// </summary>
internal static class TupleGather
{
    private static readonly int[] Index = Indices();

    /// <summary>The columns in the order of <see cref="FlowColumns.All"/> without the partition column.</summary>
    private enum C
    {
        Time, Mac, SrcIp, SrcPort, DstIp, DstPort, Protocol, Direction, Decision, State, Rule, AclId, PacketsSent, BytesSent,
        PacketsReceived, BytesReceived, Encryption, SrcKey, DstKey, Format, SystemId, ResourceId, TargetId, RecordTime, BlobHour, Blob,
        RecordIndex, TupleIndex, Flags, Other,
    }

    /// <summary>Replaces the content of <paramref name="block"/> by <paramref name="rows"/>, in their order.</summary>
    public static void Fill(ColumnBlock block, IReadOnlyList<TupleBatch> batches, ReadOnlySpan<RowRef> rows)
    {
        block.Count = rows.Length;
        for (var i = 0; i < rows.Length; i++)
        {
            var batch = batches[rows[i].Batch];
            Numbers(block, batch, rows[i].Row, i);
            Texts(block, batch, rows[i].Row, i);
            Group(block, batch, rows[i].Row, i);
        }
    }

    private static void Numbers(ColumnBlock b, TupleBatch t, int row, int i)
    {
        Longs(b, C.Time)[i] = UnixTime.Clamp(t.TimeMs[row]);
        Ints(b, C.SrcPort)[i] = OrNull(t.SourcePort[row]);
        Ints(b, C.DstPort)[i] = OrNull(t.DestinationPort[row]);
        Ints(b, C.Protocol)[i] = OrNull(t.Protocol[row]);
        Longs(b, C.PacketsSent)[i] = OrNull(t.PacketsSent[row]);
        Longs(b, C.BytesSent)[i] = OrNull(t.BytesSent[row]);
        Longs(b, C.PacketsReceived)[i] = OrNull(t.PacketsReceived[row]);
        Longs(b, C.BytesReceived)[i] = OrNull(t.BytesReceived[row]);
        Ints(b, C.TupleIndex)[i] = t.TupleIndex[row];
    }

    private static void Texts(ColumnBlock b, TupleBatch t, int row, int i)
    {
        Text(b, C.SrcIp)[i] = t.Addresses.Text(t.Source[row]);
        Text(b, C.DstIp)[i] = t.Addresses.Text(t.Destination[row]);
        Text(b, C.SrcKey)[i] = t.Addresses.Hex(t.Source[row]);
        Text(b, C.DstKey)[i] = t.Addresses.Hex(t.Destination[row]);
        Text(b, C.Direction)[i] = t.Direction[row].Word();
        Text(b, C.Decision)[i] = t.Decision[row].Word();
        Text(b, C.State)[i] = t.State[row].Word();
        Text(b, C.Encryption)[i] = t.Texts[t.Encryption[row]];
        Text(b, C.Other)[i] = t.Texts[t.Other[row]];
    }

    private static void Group(ColumnBlock b, TupleBatch t, int row, int i)
    {
        var group = t.RecordOf(row, out var record);
        Text(b, C.Mac)[i] = Mac(t, group);
        Text(b, C.Rule)[i] = group.Rule;
        Text(b, C.AclId)[i] = group.AclId;
        Text(b, C.Format)[i] = record.Format.Word();
        Text(b, C.SystemId)[i] = record.SystemId;
        Text(b, C.ResourceId)[i] = record.ResourceId;
        Text(b, C.TargetId)[i] = record.TargetId;
        Longs(b, C.RecordTime)[i] = record.TimeMs ?? ColumnBlock.NullLong;
        Longs(b, C.BlobHour)[i] = t.BlobOf(group).Hour?.UnixMs ?? ColumnBlock.NullLong;
        Text(b, C.Blob)[i] = t.BlobOf(group).Key;
        Ints(b, C.RecordIndex)[i] = record.Index;
        Ints(b, C.Flags)[i] = (int)(t.Flags[row] | group.Flags | record.Flags);
    }

    /// <summary>The MAC beside the tuples wins over the record's, and that over the path's.</summary>
    internal static string? Mac(TupleBatch batch, TupleGroup group) => group.Mac ?? group.Record.Mac ?? batch.BlobOf(group).Mac;

    private static string?[] Text(ColumnBlock b, C column) => b.Texts(Index[(int)column]);

    private static long[] Longs(ColumnBlock b, C column) => b.Longs(Index[(int)column]);

    private static int[] Ints(ColumnBlock b, C column) => b.Ints(Index[(int)column]);

    private static int OrNull(int value) => value < 0 ? ColumnBlock.NullInt : value;

    private static long OrNull(long value) => value < 0 ? ColumnBlock.NullLong : value;

    /// <summary>Finds the columns by name, so that the one list may be reordered.</summary>
    private static int[] Indices()
    {
        var names = TupleFileWriter.DataColumns.Select((c, i) => (Name: c.Name.Replace("_", "", StringComparison.Ordinal), i)).ToDictionary(c => c.Name, c => c.i, StringComparer.OrdinalIgnoreCase);
        if (names.Count != Enum.GetValues<C>().Length)
            throw new InvalidOperationException("A column of FlowColumns.All is not filled from the tuple batches.");
        return [.. Enum.GetNames<C>().Select(n => names[n])];
    }
}
