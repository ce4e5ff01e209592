namespace FlowLogAnalyzer.Lake;

/// <summary>The types of the lake's columns, by their names in the Delta protocol's schema serialization.</summary>
public enum ColumnType
{
    String,
    Short,
    Integer,
    Long,
    Boolean,
    Date,

    /// <summary>UTC, to the millisecond.</summary>
    Timestamp,
}

/// <summary>One column of the lake: the writer, the Delta schema, docs/lake-schema.md and the tests all read this list.</summary>
public sealed record Column(string Name, ColumnType Type, bool Nullable, string Meaning, bool HasStatistics = false);

/// <summary>The columns of the table <c>tuples</c>: one row per tuple of the logs, and nothing of the source lost.</summary>
public static class FlowColumns
{
    /// <summary>The partition column: the date (UTC) of <c>time</c>, or of the record's time when the tuple's is out of range.</summary>
    public const string Partition = "event_date";

    public static IReadOnlyList<Column> All { get; } =
    [
        new("event_date", ColumnType.Date, false, "Partition: UTC date of `time`; when that is more than a day away from the record's time, the record's date."),
        new("time", ColumnType.Timestamp, false, "When the tuple was observed, UTC. NSG logs know seconds, VNet logs milliseconds.", true),
        new("mac", ColumnType.String, true, "NIC that logged the tuple: 12 upper-case hex digits.", true),
        new("src_ip", ColumnType.String, false, "Source address, canonical text.", true),
        new("src_port", ColumnType.Integer, true, "Source port, 0 to 65535."),
        new("dst_ip", ColumnType.String, false, "Destination address, canonical text.", true),
        new("dst_port", ColumnType.Integer, true, "Destination port, 0 to 65535.", true),
        new("protocol", ColumnType.Short, true, "IANA protocol number (6 TCP, 17 UDP)."),
        new("direction", ColumnType.String, true, "`Inbound` or `Outbound`, as the NIC saw it.", true),
        new("decision", ColumnType.String, true, "`Allow` or `Deny`.", true),
        new("state", ColumnType.String, true, "`Begin`, `Continuing`, `End` or `Denied`; null for an allowed NSG v1 tuple.", true),
        new("rule", ColumnType.String, true, "The rule that decided, as written: `UserRule_…`, `DefaultRule_…`, `PlatformRule`, or an admin rule's name.", true),
        new("acl_id", ColumnType.String, true, "What holds the rule, as written: the NSG (ARM id or GUID), a network manager configuration, or a placeholder.", true),
        new("packets_sent", ColumnType.Long, true, "Packets source to destination since the flow's last tuple; null = not counted."),
        new("bytes_sent", ColumnType.Long, true, "Bytes source to destination, headers included; null = not counted."),
        new("packets_received", ColumnType.Long, true, "Packets destination to source."),
        new("bytes_received", ColumnType.Long, true, "Bytes destination to source."),
        new("encryption", ColumnType.String, true, "VNet logs: `X`, `NX` or one of the `NX_…` reasons."),
        new("src_key", ColumnType.String, false, "Source address as 32 hex digits: text order is address order, IPv4 lies in ::ffff:0:0/96."),
        new("dst_key", ColumnType.String, false, "Destination address as 32 hex digits."),
        new("format", ColumnType.String, false, "`nsg-v1`, `nsg-v2` or `vnet-v4`.", true),
        new("system_id", ColumnType.String, true, "NSG logs: `systemId`. VNet logs: `flowLogGUID`."),
        new("resource_id", ColumnType.String, true, "NSG logs: the NSG's ARM id. VNet logs: the flow-log resource's ARM id."),
        new("target_id", ColumnType.String, true, "VNet logs: the VNet, subnet or NIC that is logged."),
        new("record_time", ColumnType.Timestamp, true, "The record's `time`."),
        new("blob_hour", ColumnType.Timestamp, true, "The hour in the blob's path."),
        new("blob", ColumnType.String, false, "The blob the row came from.", true),
        new("record_index", ColumnType.Integer, false, "Position of the record in the blob, from 0."),
        new("tuple_index", ColumnType.Integer, false, "Position of the tuple in the record, from 0."),
        new("flags", ColumnType.Integer, false, "What was odd about the row: a bit set, 0 = nothing (see the table of flags)."),
        new("other", ColumnType.String, true, "Codes that are not known, as `field=text`."),
    ];
}
