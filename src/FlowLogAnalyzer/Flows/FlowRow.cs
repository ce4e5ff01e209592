namespace FlowLogAnalyzer.Flows;

/// <summary>One row in plain values, in the order and with the meaning of the lake's columns; null is "not given".</summary>
public readonly record struct FlowRow
{
    /// <summary>UTC date of <see cref="Time"/>, or of the record (else of the blob's hour) when the tuple's time is out of range.</summary>
    public required DateOnly EventDate { get; init; }
    public required DateTime Time { get; init; }
    public string? Mac { get; init; }
    public required string SrcIp { get; init; }
    public int? SrcPort { get; init; }
    public required string DstIp { get; init; }
    public int? DstPort { get; init; }
    public short? Protocol { get; init; }
    public string? Direction { get; init; }
    public string? Decision { get; init; }
    public string? State { get; init; }
    public string? Rule { get; init; }
    public string? AclId { get; init; }
    public long? PacketsSent { get; init; }
    public long? BytesSent { get; init; }
    public long? PacketsReceived { get; init; }
    public long? BytesReceived { get; init; }
    public string? Encryption { get; init; }
    public required string SrcKey { get; init; }
    public required string DstKey { get; init; }
    public required string Format { get; init; }
    public string? SystemId { get; init; }
    public string? ResourceId { get; init; }
    public string? TargetId { get; init; }
    public DateTime? RecordTime { get; init; }
    public DateTime? BlobHour { get; init; }
    public required string Blob { get; init; }
    public required int RecordIndex { get; init; }
    public required int TupleIndex { get; init; }
    public required QualityFlags Flags { get; init; }
    public string? Other { get; init; }
}

/// <summary>A batch row by row: for output to people and for tests, not for the lake's writer.</summary>
public static class FlowRows
{
    public static IEnumerable<FlowRow> Rows(this TupleBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
            yield return batch.RowAt(row);
    }

    public static FlowRow RowAt(this TupleBatch batch, int row)
    {
        var group = batch.RecordOf(row, out var record);
        var flags = batch.Flags[row] | group.Flags | record.Flags;
        var time = Utc(batch.TimeMs[row]);
        var blob = batch.BlobOf(group);
        var hour = blob.Hour?.StartUtc;
        DateTime? recordTime = record.TimeMs is { } ms ? Utc(ms) : null;
        var isOutOfRange = flags.HasFlag(QualityFlags.TimeRange);
        return new FlowRow
        {
            EventDate = DateOnly.FromDateTime(isOutOfRange ? recordTime ?? hour ?? time : time),
            Time = time,
            Mac = group.Mac ?? record.Mac,
            SrcIp = batch.Addresses.Text(batch.Source[row]),
            SrcPort = Given(batch.SourcePort[row]),
            DstIp = batch.Addresses.Text(batch.Destination[row]),
            DstPort = Given(batch.DestinationPort[row]),
            Protocol = batch.Protocol[row] < 0 ? null : batch.Protocol[row],
            Direction = batch.Direction[row].Word(),
            Decision = batch.Decision[row].Word(),
            State = batch.State[row].Word(),
            Rule = group.Rule,
            AclId = group.AclId,
            PacketsSent = Given(batch.PacketsSent[row]),
            BytesSent = Given(batch.BytesSent[row]),
            PacketsReceived = Given(batch.PacketsReceived[row]),
            BytesReceived = Given(batch.BytesReceived[row]),
            Encryption = batch.Texts[batch.Encryption[row]],
            SrcKey = batch.Addresses.Hex(batch.Source[row]),
            DstKey = batch.Addresses.Hex(batch.Destination[row]),
            Format = record.Format.Word(),
            SystemId = record.SystemId,
            ResourceId = record.ResourceId,
            TargetId = record.TargetId,
            RecordTime = recordTime,
            BlobHour = hour,
            Blob = blob.Key,
            RecordIndex = record.Index,
            TupleIndex = batch.TupleIndex[row],
            Flags = flags,
            Other = batch.Texts[batch.Other[row]],
        };
    }

    private static DateTime Utc(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime;

    private static int? Given(int value) => value < 0 ? null : value;

    private static long? Given(long value) => value < 0 ? null : value;
}
