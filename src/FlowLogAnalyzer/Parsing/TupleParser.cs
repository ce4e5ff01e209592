using System.Text.Unicode;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// One tuple of any of the three layouts, with every leniency and its flag. NSG or VNet comes from the record, never from
/// the number of fields: v2 and v4 both have 13. Version 1 or 2 of an NSG tuple is told by the number of fields.
/// </summary>
internal sealed class TupleParser(Utf8StringPool pool)
{
    private const int Version1Fields = 8;

    /// <summary>
    /// Parses the unescaped text of one tuple. <paramref name="version"/> is that of the NSG record, 0 when not known yet
    /// (then 2 is assumed for <see cref="QualityFlags.FieldCount"/>). <paramref name="needsVersion1"/>: the tuple is
    /// good only if the record turns out to be version 1.
    /// </summary>
    public bool TryParse(ReadOnlySpan<byte> text, bool isVnet, int version, ref TupleValues values, out RejectionReason reason, out bool needsVersion1)
    {
        needsVersion1 = false;
        reason = default;
        values = default;
        if (!text.ContainsAnyExcept((byte)' '))
            reason = RejectionReason.EmptyTuple;
        else if (!Utf8.IsValid(text))
            reason = RejectionReason.InvalidText;
        if (reason != default)
            return false;

        var fields = new TupleFields(text, stackalloc int[TupleFields.Known]);
        var other = new OtherText(stackalloc byte[OtherText.Capacity]);
        values.Flags = fields.HasSpaces ? QualityFlags.Spaces : QualityFlags.None;
        if (!TryLayout(fields, isVnet, version, ref values, out var isVersion1, out needsVersion1))
            reason = RejectionReason.TooFewFields;
        else if (TryEndpoints(fields, isVnet, ref values, out reason) && TryRest(fields, isVnet, isVersion1, ref values, ref other))
            values.Other = other.ToString(pool);
        else if (reason == default)
            reason = RejectionReason.BadCounter;
        return reason == default;
    }

    private static bool TryLayout(
        TupleFields fields, bool isVnet, int version, ref TupleValues values, out bool isVersion1, out bool needsVersion1)
    {
        isVersion1 = !isVnet && (fields.Count < TupleFields.Known || fields.ContentCount <= Version1Fields);
        needsVersion1 = isVersion1 && fields.Count is > Version1Fields and < TupleFields.Known && version == 0;
        var known = isVersion1 ? Version1Fields : TupleFields.Known;
        if (fields.Count < known)
            return false;
        if (isVersion1 && version == 2 && fields.Count is > Version1Fields and < TupleFields.Known)
            return false;

        if (fields.Count > known)
            values.Flags |= fields.ContentCount > known ? QualityFlags.ExtraFields : QualityFlags.TrailingCommas;
        if (!isVnet && isVersion1 != (version == 1))
            values.Flags |= QualityFlags.FieldCount;
        return true;
    }

    private static bool TryEndpoints(TupleFields fields, bool isVnet, ref TupleValues values, out RejectionReason reason)
    {
        reason = default;
        if (!TupleTime.TryParse(fields[0], isVnet, out values.TimeMs, ref values.Flags))
            reason = RejectionReason.BadTime;
        else if (!AddressText.TryParse(fields[1], out values.Source, ref values.Flags)
            || !AddressText.TryParse(fields[2], out values.Destination, ref values.Flags))
            reason = RejectionReason.BadAddress;
        else if (!TryPort(fields[3], out values.SourcePort) || !TryPort(fields[4], out values.DestinationPort))
            reason = RejectionReason.BadPort;
        return reason == default;
    }

    private bool TryRest(TupleFields fields, bool isVnet, bool isVersion1, ref TupleValues values, ref OtherText other)
    {
        values.Protocol = TupleCodes.Protocol(fields[5], isVnet, ref values.Flags, ref other);
        values.Direction = TupleCodes.Direction(fields[6], ref values.Flags, ref other);
        if (isVnet)
        {
            values.State = TupleCodes.State(fields[7], isVnet, ref values.Flags, ref other);
            values.Encryption = TupleCodes.Encryption(fields[8], pool, ref values.Flags, ref other);
            values.Decision = values.State switch
            {
                FlowState.None => Decision.Unknown,
                FlowState.Denied => Decision.Deny,
                _ => Decision.Allow,
            };
            return TryCounters(fields, ref values);
        }

        values.Decision = TupleCodes.Decision(fields[7], ref values.Flags, ref other);
        if (!isVersion1)
            values.State = TupleCodes.State(fields[8], isVnet, ref values.Flags, ref other);
        if (values.Decision == Decision.Deny)
        {
            // A denied flow is written once, as Begin. Anything else there is said, not believed.
            if (values.State is FlowState.Continuing or FlowState.End)
                TupleCodes.MarkUnknown("state"u8, fields[8], ref values.Flags, ref other);
            values.State = FlowState.Denied;
        }

        if (!isVersion1)
            return TryCounters(fields, ref values);
        values.PacketsSent = values.BytesSent = values.PacketsReceived = values.BytesReceived = -1;
        return true;
    }

    private static bool TryPort(ReadOnlySpan<byte> field, out int port)
    {
        port = -1;
        if (field.IsEmpty)
            return true;
        var ok = NumberText.TryParse(field, out var number) && number <= 65535;
        port = (int)number;
        return ok;
    }

    private static bool TryCounters(TupleFields fields, ref TupleValues values)
    {
        if (!TryCounter(fields[9], out values.PacketsSent, ref values.Flags) || !TryCounter(fields[10], out values.BytesSent, ref values.Flags)
            || !TryCounter(fields[11], out values.PacketsReceived, ref values.Flags) || !TryCounter(fields[12], out values.BytesReceived, ref values.Flags))
            return false;

        var empty = (fields[9].IsEmpty ? 1 : 0) + (fields[10].IsEmpty ? 1 : 0) + (fields[11].IsEmpty ? 1 : 0) + (fields[12].IsEmpty ? 1 : 0);
        if (empty is > 0 and < 4)
            values.Flags |= QualityFlags.PartialCounters;
        if (values.State is not (FlowState.Begin or FlowState.Denied))
            return true;

        if (values.PacketsSent > 0 || values.BytesSent > 0 || values.PacketsReceived > 0 || values.BytesReceived > 0)
            values.Flags |= QualityFlags.CountersOnBegin;
        else
            values.PacketsSent = values.BytesSent = values.PacketsReceived = values.BytesReceived = -1;
        return true;
    }

    private static bool TryCounter(ReadOnlySpan<byte> field, out long value, ref QualityFlags flags)
    {
        value = -1;
        if (field.IsEmpty || NumberText.TryParse(field, out value))
            return true;
        if (!NumberText.TryParseNotation(field, out value))
            return false;
        flags |= QualityFlags.CounterForm;
        return true;
    }
}
