using System.Globalization;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Lake.FileEncoding;

/// <summary>
/// The rows that a file must hold, read from the batches cell by cell. Every reader's rows are brought to the same form:
/// text as it is, numbers as digits, times as microseconds since 1970.
/// </summary>
public static class ExpectedRows
{
    public static IReadOnlyList<Column> Columns { get; } = [.. FlowColumns.All.Where(c => c.Name != FlowColumns.Partition)];

    public static string?[][] Of(RandomRows source) => [.. source.Rows.Select(r => Cells(source.Batches[r.Batch], r.Row))];

    public static string?[][] Of(TupleBatch batch) => [.. Enumerable.Range(0, batch.Count).Select(row => Cells(batch, row))];

    private static string?[] Cells(TupleBatch batch, int row)
    {
        var group = batch.RecordOf(row, out var record);
        return [.. Columns.Select(c => Cell(c.Name, batch, row, group, record))];
    }

    private static string? Cell(string column, TupleBatch batch, int row, TupleGroup group, TupleRecord record) => column switch
    {
        "time" => Micros(batch.TimeMs[row]),
        "mac" => group.Mac ?? record.Mac ?? batch.BlobOf(group).Mac,
        "src_ip" => batch.Addresses.Text(batch.Source[row]),
        "dst_ip" => batch.Addresses.Text(batch.Destination[row]),
        "src_key" => batch.Addresses.Hex(batch.Source[row]),
        "dst_key" => batch.Addresses.Hex(batch.Destination[row]),
        "src_port" => Number(batch.SourcePort[row]),
        "dst_port" => Number(batch.DestinationPort[row]),
        "protocol" => Number(batch.Protocol[row]),
        "direction" => batch.Direction[row].Word(),
        "decision" => batch.Decision[row].Word(),
        "state" => batch.State[row].Word(),
        "rule" => group.Rule,
        "acl_id" => group.AclId,
        "packets_sent" => Number(batch.PacketsSent[row]),
        "bytes_sent" => Number(batch.BytesSent[row]),
        "packets_received" => Number(batch.PacketsReceived[row]),
        "bytes_received" => Number(batch.BytesReceived[row]),
        "encryption" => batch.Texts[batch.Encryption[row]],
        "format" => record.Format.Word(),
        "system_id" => record.SystemId,
        "resource_id" => record.ResourceId,
        "target_id" => record.TargetId,
        "record_time" => Micros(record.TimeMs),
        "blob_hour" => Micros(batch.BlobOf(group).Hour?.UnixMs),
        "blob" => batch.BlobOf(group).Key,
        "record_index" => Number(record.Index),
        "tuple_index" => Number(batch.TupleIndex[row]),
        "flags" => Number((int)(batch.Flags[row] | group.Flags | record.Flags)),
        "other" => batch.Texts[batch.Other[row]],
        _ => throw new NotSupportedException(column),
    };

    private static string? Number(long value) => value < 0 ? null : value.ToString(CultureInfo.InvariantCulture);

    private static string? Micros(long? ms) => ms is { } value ? (value * 1000).ToString(CultureInfo.InvariantCulture) : null;
}
