using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// The plain form of a tuple, as Azure writes nearly all of them, in one pass: IPv4, known codes, nothing to flag.
/// False means "look closer", never "wrong": <see cref="TupleParser"/> decides then.
/// </summary>
internal static class FastTuple
{
    /// <summary>NSG versions 1 and 2; <paramref name="isVersion1"/> tells by the number of fields which one it is.</summary>
    public static bool TryParseNsg(ReadOnlySpan<byte> text, ref TupleValues values, out bool isVersion1)
    {
        isVersion1 = false;
        var at = 0;
        if (!TryHead(text, ref at, ref values, out var time) || time is < 1 or >= TupleTime.FirstMillisecond || text.Length - at < 5)
            return false;

        var protocol = text[at];
        var decision = text[at + 4];
        if (text[at + 1] != ',' || text[at + 3] != ',' || !TryDirection(text[at + 2], ref values))
            return false;
        if (protocol is not ((byte)'T' or (byte)'U') || decision is not ((byte)'A' or (byte)'D'))
            return false;

        values.TimeMs = time * 1000;
        values.Protocol = protocol == 'T' ? (short)6 : (short)17;
        values.Decision = decision == 'A' ? Decision.Allow : Decision.Deny;
        at += 5;
        if (at == text.Length)
        {
            isVersion1 = true;
            values.State = values.Decision == Decision.Deny ? FlowState.Denied : FlowState.None;
            values.PacketsSent = values.BytesSent = values.PacketsReceived = values.BytesReceived = -1;
            return true;
        }

        return TryNsgState(text[at..], ref values);
    }

    /// <summary>VNet version 4.</summary>
    public static bool TryParseVnet(ReadOnlySpan<byte> text, ref TupleValues values)
    {
        var at = 0;
        if (!TryHead(text, ref at, ref values, out values.TimeMs) || values.TimeMs < TupleTime.FirstMillisecond
            || values.TimeMs > TupleTime.Last)
            return false;
        if (!TryNumber(text, ref at, 3, out var protocol) || protocol > 255 || text.Length - at < 8)
            return false;
        if (text[at] != ',' || text[at + 2] != ',' || text[at + 4] != ',' || !TryDirection(text[at + 1], ref values))
            return false;

        values.Protocol = (short)protocol;
        if (!TryVnetState(text[at + 3], ref values))
            return false;
        if (text[at + 5] != 'N' || text[at + 6] != 'X' || text[at + 7] != ',')
            return false;
        values.Encryption = "NX";
        return TryCounters(text[(at + 8)..], ref values) && SettleCounters(ref values);
    }

    private static bool TryHead(ReadOnlySpan<byte> text, ref int at, ref TupleValues values, out long time)
    {
        if (!TryNumber(text, ref at, 15, out time) || !TryComma(text, ref at)
            || !TryIPv4(text, ref at, out var source) || !TryComma(text, ref at)
            || !TryIPv4(text, ref at, out var destination) || !TryComma(text, ref at)
            || !TryNumber(text, ref at, 5, out var sourcePort) || !TryComma(text, ref at)
            || !TryNumber(text, ref at, 5, out var destinationPort) || !TryComma(text, ref at)
            || sourcePort > 65535 || destinationPort > 65535)
            return false;

        values.Source = IpAddressKey.FromIPv4(source);
        values.Destination = IpAddressKey.FromIPv4(destination);
        values.SourcePort = (int)sourcePort;
        values.DestinationPort = (int)destinationPort;
        return true;
    }

    private static bool TryNsgState(ReadOnlySpan<byte> rest, ref TupleValues values)
    {
        if (rest.Length < 6 || rest[0] != ',' || rest[2] != ',')
            return false;

        values.State = rest[1] switch
        {
            (byte)'B' => values.Decision == Decision.Deny ? FlowState.Denied : FlowState.Begin,
            (byte)'C' => FlowState.Continuing,
            (byte)'E' => FlowState.End,
            _ => FlowState.None,
        };
        if (values.State == FlowState.None || (values.Decision == Decision.Deny && values.State != FlowState.Denied))
            return false;
        if (rest.Length == 6 && rest[3] == ',' && rest[4] == ',' && rest[5] == ',')
        {
            values.PacketsSent = values.BytesSent = values.PacketsReceived = values.BytesReceived = -1;
            return true;
        }

        return TryCounters(rest[3..], ref values) && SettleCounters(ref values);
    }

    private static bool TryVnetState(byte letter, ref TupleValues values)
    {
        values.State = letter switch
        {
            (byte)'B' => FlowState.Begin,
            (byte)'C' => FlowState.Continuing,
            (byte)'E' => FlowState.End,
            (byte)'D' => FlowState.Denied,
            _ => FlowState.None,
        };
        values.Decision = values.State == FlowState.Denied ? Decision.Deny : Decision.Allow;
        return values.State != FlowState.None;
    }

    /// <summary>Zeros of a Begin or Denied tuple stand for "not counted"; anything else there is worth a closer look.</summary>
    private static bool SettleCounters(ref TupleValues values)
    {
        if (values.State is not (FlowState.Begin or FlowState.Denied))
            return true;
        if ((values.PacketsSent | values.BytesSent | values.PacketsReceived | values.BytesReceived) != 0)
            return false;
        values.PacketsSent = values.BytesSent = values.PacketsReceived = values.BytesReceived = -1;
        return true;
    }

    private static bool TryCounters(ReadOnlySpan<byte> text, ref TupleValues values)
    {
        var at = 0;
        return TryNumber(text, ref at, 18, out values.PacketsSent) && TryComma(text, ref at)
            && TryNumber(text, ref at, 18, out values.BytesSent) && TryComma(text, ref at)
            && TryNumber(text, ref at, 18, out values.PacketsReceived) && TryComma(text, ref at)
            && TryNumber(text, ref at, 18, out values.BytesReceived) && at == text.Length;
    }

    private static bool TryDirection(byte letter, ref TupleValues values)
    {
        values.Direction = letter == 'I' ? Direction.Inbound : Direction.Outbound;
        return letter is (byte)'I' or (byte)'O';
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryComma(ReadOnlySpan<byte> text, ref int at) => (uint)at < (uint)text.Length && text[at++] == ',';

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryNumber(ReadOnlySpan<byte> text, ref int at, int maxDigits, out long value)
    {
        long number = 0;
        var i = at;
        for (; (uint)i < (uint)text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit > 9)
                break;
            number = (number * 10) + digit;
        }

        // An overflow of the sum is harmless: more than 18 digits are refused here.
        var digits = i - at;
        at = i;
        value = number;
        return (uint)(digits - 1) < (uint)maxDigits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryIPv4(ReadOnlySpan<byte> text, ref int at, out uint address)
    {
        address = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && ((uint)at >= (uint)text.Length || text[at++] != '.'))
                return false;
            if ((uint)at >= (uint)text.Length)
                return false;
            var value = (uint)(text[at] - '0');
            if (value > 9)
                return false;
            at++;
            var hasLeadingZero = value == 0;
            for (var n = 1; n < 3 && (uint)at < (uint)text.Length; n++, at++)
            {
                var digit = (uint)(text[at] - '0');
                if (digit > 9)
                    break;
                if (hasLeadingZero)
                    return false;
                value = (value * 10) + digit;
            }

            if (value > 255)
                return false;
            address = (address << 8) | value;
        }

        return true;
    }
}
