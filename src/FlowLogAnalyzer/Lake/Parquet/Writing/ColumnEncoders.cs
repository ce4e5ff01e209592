using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>How each column of the lake comes out of a batch.</summary>
internal static class ColumnEncoders
{
    public static ColumnEncoder[] Create() =>
    [
        new TimeColumnEncoder(),
        new GroupTextEncoder("mac", TupleGather.Mac),
        new AddressColumnsEncoder("src_ip", "src_key", batch => batch.Source),
        new SmallNumberEncoder<int>("src_port", batch => batch.SourcePort),
        new AddressColumnsEncoder("dst_ip", "dst_key", batch => batch.Destination),
        new SmallNumberEncoder<int>("dst_port", batch => batch.DestinationPort),
        new SmallNumberEncoder<short>("protocol", batch => batch.Protocol),
        new WordEncoder<Direction>("direction", batch => batch.Direction, FlowWords.Word),
        new WordEncoder<Decision>("decision", batch => batch.Decision, FlowWords.Word),
        new WordEncoder<FlowState>("state", batch => batch.State, FlowWords.Word),
        new GroupTextEncoder("rule", (_, group) => group.Rule),
        new GroupTextEncoder("acl_id", (_, group) => group.AclId),
        new CounterEncoder("packets_sent", batch => batch.PacketsSent),
        new CounterEncoder("bytes_sent", batch => batch.BytesSent),
        new CounterEncoder("packets_received", batch => batch.PacketsReceived),
        new CounterEncoder("bytes_received", batch => batch.BytesReceived),
        new RowTextEncoder("encryption", batch => batch.Encryption, batch => batch.HasEncryption),
        new GroupTextEncoder("format", (_, group) => group.Record.Format.Word()),
        new GroupTextEncoder("system_id", (_, group) => group.Record.SystemId),
        new GroupTextEncoder("resource_id", (_, group) => group.Record.ResourceId),
        new GroupTextEncoder("target_id", (_, group) => group.Record.TargetId),
        new GroupNumberEncoder("record_time", PhysicalType.Int64, (_, group) => Micros(group.Record.TimeMs)),
        new GroupNumberEncoder("blob_hour", PhysicalType.Int64, (batch, group) => Micros(batch.BlobOf(group).Hour?.UnixMs)),
        new GroupTextEncoder("blob", (batch, group) => batch.BlobOf(group).Key),
        new GroupNumberEncoder("record_index", PhysicalType.Int32, (_, group) => group.Record.Index),
        new TupleIndexEncoder(),
        new FlagsEncoder(),
        new RowTextEncoder("other", batch => batch.Other, batch => batch.HasOther),
    ];

    private static long? Micros(long? unixMs) => unixMs is { } ms ? TimeColumnEncoder.Micros(ms) : null;
}
