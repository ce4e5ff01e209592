using System.Numerics;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>
/// Reads row groups that <see cref="FlowFileEncoder"/> wrote back into batches, column by column into the arrays. Keeps its
/// buffers; not for several threads at once.
/// </summary>
internal sealed class RowGroupDecoder : IDisposable
{
    private static readonly FileColumn Time = FileColumn.Named("time"), SrcIp = FileColumn.Named("src_ip"), SrcKey = FileColumn.Named("src_key");
    private static readonly FileColumn DstIp = FileColumn.Named("dst_ip"), DstKey = FileColumn.Named("dst_key"), SrcPort = FileColumn.Named("src_port");
    private static readonly FileColumn DstPort = FileColumn.Named("dst_port"), Protocol = FileColumn.Named("protocol"), TupleIndex = FileColumn.Named("tuple_index");
    private static readonly FileColumn PacketsSent = FileColumn.Named("packets_sent"), BytesSent = FileColumn.Named("bytes_sent");
    private static readonly FileColumn PacketsReceived = FileColumn.Named("packets_received"), BytesReceived = FileColumn.Named("bytes_received");
    private static readonly FileColumn Direction = FileColumn.Named("direction"), Decision = FileColumn.Named("decision"), State = FileColumn.Named("state");
    private static readonly FileColumn Encryption = FileColumn.Named("encryption"), Other = FileColumn.Named("other"), Flags = FileColumn.Named("flags");

    private readonly RowGroupBytes _group = new();
    private readonly SharedColumns _shared;
    private readonly AddressColumns _addresses = new();
    private readonly NumberColumn _numbers = new();
    private readonly RowTexts _texts;
    private readonly RowTimes _times = new();
    private long[] _wide = [];

    public RowGroupDecoder()
    {
        var pool = new TextPool();
        (_shared, _texts) = (new SharedColumns(pool), new RowTexts(pool));
    }

    /// <summary>Where a <see cref="DamageException"/> came from.</summary>
    public string Place => _group.Place;

    /// <param name="layout">The row group.</param>
    /// <param name="bytes">All its bytes.</param>
    /// <param name="pool">Gives the batch. The rows of several blobs share it, in the order of the file.</param>
    public TupleBatch Decode(RowGroupLayout layout, ReadOnlyMemory<byte> bytes, TupleBatchPool pool)
    {
        _group.Open(layout, bytes);
        _shared.Read(_group);
        var batch = pool.Rent(_shared.FirstBlob(), layout.Rows);
        _shared.FillGroups(batch, layout.Rows);
        _times.Read(_group, Time, batch.TimeMs);
        _addresses.Read(_group, SrcIp, SrcKey, batch.Addresses, batch.Source);
        _addresses.Read(_group, DstIp, DstKey, batch.Addresses, batch.Destination);
        ReadNumbers(batch);
        ReadTexts(batch);
        return batch;
    }

    public void Dispose() => _group.Dispose();

    private void ReadNumbers(TupleBatch batch)
    {
        ReadSmall<int>(SrcPort, batch.SourcePort, ushort.MaxValue);
        ReadSmall<int>(DstPort, batch.DestinationPort, ushort.MaxValue);
        ReadSmall<short>(Protocol, batch.Protocol, short.MaxValue);
        ReadSmall<int>(TupleIndex, batch.TupleIndex, int.MaxValue);
        ReadSmall(Flags, MemoryMarshal.Cast<QualityFlags, int>(batch.Flags.AsSpan()), int.MaxValue);
        ReadLong(PacketsSent, batch.PacketsSent, long.MaxValue);
        ReadLong(BytesSent, batch.BytesSent, long.MaxValue);
        ReadLong(PacketsReceived, batch.PacketsReceived, long.MaxValue);
        ReadLong(BytesReceived, batch.BytesReceived, long.MaxValue);
    }

    private void ReadTexts(TupleBatch batch)
    {
        _texts.Read(_group, Direction, FlowWordParser.Direction, batch.Direction);
        _texts.Read(_group, Decision, FlowWordParser.Decision, batch.Decision);
        _texts.Read(_group, State, FlowWordParser.State, batch.State);
        var hasEncryption = _texts.Read(_group, Encryption, batch.Texts.Code, batch.Encryption);
        var hasOther = _texts.Read(_group, Other, batch.Texts.Code, batch.Other);
        batch.Commit(_group.Rows, hasEncryption, hasOther);
    }

    private void ReadLong(FileColumn column, long[] target, long most)
    {
        _numbers.Into(target, most);
        _group.Read(column, _numbers);
    }

    private void ReadSmall<T>(FileColumn column, Span<T> target, int most)
        where T : struct, INumber<T>
    {
        if (_wide.Length < _group.Rows)
            _wide = new long[_group.Rows + (_group.Rows / 4)];
        ReadLong(column, _wide, most);
        var wide = _wide.AsSpan(0, _group.Rows);
        for (var i = 0; i < wide.Length; i++)
            target[i] = T.CreateTruncating(wide[i]);
    }
}
