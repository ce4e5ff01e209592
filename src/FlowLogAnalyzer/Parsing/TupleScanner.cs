using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>What all tuples of one scan share.</summary>
/// <param name="Group">Index of their group in the batch.</param>
/// <param name="FirstTuple">Position of the first one in its record.</param>
/// <param name="Flags">Flags that every row gets.</param>
/// <param name="MaxRows">No more rows than this.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScanContext(int Group, int FirstTuple, QualityFlags Flags, int MaxRows);

/// <summary>
/// Plain tuples, one behind the other, from text straight into the arrays of a batch. Field borders come from masks of 64
/// bytes at a time, numbers are converted eight digits at once. Anything unusual ends the scan in front of the tuple:
/// <see cref="FastTuple"/> and <see cref="TupleParser"/> then decide, and accept exactly the same tuples as plain.
/// </summary>
internal sealed class TupleScanner
{
    /// <summary>Bytes that may be looked at from the start of a tuple: head, codes and counters with 64 bytes each at most.</summary>
    private const int Window = 208;

    private const ushort CommaQuote = ',' | ('"' << 8);
    private const uint NoCounters = ',' | (',' << 8) | (',' << 16) | ((uint)'"' << 24);

    /// <summary>The first eight digits of the last time, and the time they stand for: they change every hundred seconds at most.</summary>
    private ulong _timeDigits;
    private long _time;

    public static bool IsSupported => BitConverter.IsLittleEndian && Vector128.IsHardwareAccelerated;

    /// <summary>
    /// Reads from <paramref name="data"/>, which stands at a quote, or at a comma and a quote when a tuple came before.
    /// Returns the bytes behind the last closing quote taken; the rows are committed to the batch.
    /// </summary>
    public int Scan(ReadOnlySpan<byte> data, bool follows, bool isVnet, TupleBatch batch, in ScanContext context)
    {
        ref var start = ref MemoryMarshal.GetReference(data);
        var (at, first) = (0, batch.Count);
        // The one check for all cells of all rows: no row is begun behind the end of the arrays.
        var end = first + Math.Min(context.MaxRows, batch.Capacity - first);
        var row = first;
        for (; row < end && at + Window <= data.Length; row++)
        {
            ref var text = ref Unsafe.Add(ref start, at);
            var opening = follows ? 2 : 1;
            if (follows ? Unsafe.ReadUnaligned<ushort>(ref text) != CommaQuote : text != '"')
                break;
            text = ref Unsafe.Add(ref text, opening);
            var cells = new RowCells(batch, row);
            var length = isVnet ? Vnet(ref text, cells) : Nsg(ref text, cells);
            if (length == 0)
                break;
            at += opening + length;
            follows = true;
        }

        FillShared(batch, first, row - first, isVnet, context);
        return at;
    }

    private static void FillShared(TupleBatch batch, int first, int rows, bool isVnet, in ScanContext context)
    {
        batch.Group.AsSpan(first, rows).Fill(context.Group);
        batch.Flags.AsSpan(first, rows).Fill(context.Flags);
        if (isVnet && rows > 0)
            batch.Encryption.AsSpan(first, rows).Fill(batch.Texts.Code("NX"));
        var tuple = context.FirstTuple;
        foreach (ref var index in batch.TupleIndex.AsSpan(first, rows))
            index = tuple++;
        batch.Commit(rows, withEncryption: isVnet);
    }

    /// <summary>The length of the tuple with its closing quote, or 0 when it is not a plain one.</summary>
    private int Nsg(ref byte text, RowCells row)
    {
        const int TimeDigits = 10;
        var head = Head(ref text, row, TimeDigits);
        // A leading zero leaves room for numbers that are no times.
        if (head == 0 || text == '0')
            return 0;
        var codes = TupleWords.FindNsg(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, head)));
        if (codes == 0)
            return 0;
        row.TimeMs = (LeadingDigits(ref text) * 100_000) + (ShortNumber.Parse2(ref Unsafe.Add(ref text, 8)) * 1000);
        row.Protocol = (short)(codes >> TupleWords.ProtocolShift);
        var tail = Codes(codes, ref Unsafe.Add(ref text, head + 8), row);
        return tail == 0 ? 0 : head + 8 + tail;
    }

    /// <inheritdoc cref="Nsg"/>
    private int Vnet(ref byte text, RowCells row)
    {
        const int TimeDigits = 13;
        var head = Head(ref text, row, TimeDigits);
        if (head == 0 || text == '0')
            return 0;
        ref var protocol = ref Unsafe.Add(ref text, head);
        var digits = Unsafe.Add(ref protocol, 1) == ',' ? 1 : 2;
        if (!char.IsAsciiDigit((char)protocol) || (digits == 2 && (!char.IsAsciiDigit((char)Unsafe.Add(ref protocol, 1)) || Unsafe.Add(ref protocol, 2) != ',')))
            return 0;
        head += digits + 1;
        var codes = TupleWords.FindVnet(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, head)));
        if (codes == 0)
            return 0;
        // Nine digits and more begin a time above the smallest millisecond; thirteen stay below the largest.
        row.TimeMs = (LeadingDigits(ref text) * 100_000) + ShortNumber.Parse8(ref Unsafe.Add(ref text, 8), 5);
        row.Protocol = (short)ShortNumber.Parse8(ref protocol, digits);
        // VNet tuples write zeros where NSG tuples leave counters out.
        ref var counters = ref Unsafe.Add(ref text, head + 7);
        var tail = counters == ',' ? 0 : Codes(codes, ref counters, row);
        return tail == 0 ? 0 : head + 7 + tail;
    }

    /// <summary>The number of the first eight digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long LeadingDigits(ref byte text)
    {
        var digits = Unsafe.ReadUnaligned<ulong>(ref text);
        if (digits != _timeDigits)
            (_timeDigits, _time) = (digits, ShortNumber.Parse8(ref text, 8));
        return _time;
    }

    /// <summary>Addresses and ports; the time only as far as that it has so many digits. The bytes up to behind the fifth comma, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Head(ref byte text, RowCells row, int timeDigits)
    {
        var (commas, others) = FieldBorders.Of(ref text);
        var rest = commas;
        var time = BitOperations.TrailingZeroCount(rest);
        rest &= rest - 1;
        var source = BitOperations.TrailingZeroCount(rest);
        rest &= rest - 1;
        var destination = BitOperations.TrailingZeroCount(rest);
        rest &= rest - 1;
        var sourcePort = BitOperations.TrailingZeroCount(rest);
        rest &= rest - 1;
        var destinationPort = BitOperations.TrailingZeroCount(rest);
        var (sourceDigits, destinationDigits) = (sourcePort - destination - 1, destinationPort - sourcePort - 1);

        // Digits only in the time and the ports; the addresses check themselves.
        var numbers = FieldBorders.Below(timeDigits) | (FieldBorders.Below(destinationPort) & ~FieldBorders.Below(destination));
        if (rest == 0 || time != timeDigits || (others & ~commas & numbers) != 0 || (uint)(sourceDigits - 1) > 4 || (uint)(destinationDigits - 1) > 4)
            return 0;
        var (from, to) = (ShortNumber.Parse8(ref Unsafe.Add(ref text, destination + 1), sourceDigits), ShortNumber.Parse8(ref Unsafe.Add(ref text, sourcePort + 1), destinationDigits));
        var sourceAddress = IPv4Scan.Parse(ref Unsafe.Add(ref text, time + 1), source - time - 1);
        var destinationAddress = IPv4Scan.Parse(ref Unsafe.Add(ref text, source + 1), destination - source - 1);
        // Compared as unsigned: -1 is no address either.
        if ((from | to) > 65535 || Math.Max((ulong)sourceAddress, (ulong)destinationAddress) >= AddressTable.FirstNumber)
            return 0;
        row.SourcePort = (int)from;
        row.DestinationPort = (int)to;
        row.Source = (uint)sourceAddress;
        row.Destination = (uint)destinationAddress;
        return destinationPort + 1;
    }

    /// <summary>Direction, decision, state and the counters behind them up to the closing quote; their bytes, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Codes(uint codes, ref byte text, RowCells row)
    {
        row.Direction = (Direction)(codes & 255);
        row.Decision = (Decision)((codes >> TupleWords.DecisionShift) & 255);
        var state = (FlowState)((codes >> TupleWords.StateShift) & 255);
        row.State = state;
        if (Unsafe.ReadUnaligned<uint>(ref text) == NoCounters)
        {
            row.SetCounters(-1, -1, -1, -1);
            return 4;
        }

        return Counters(ref text, state is FlowState.Begin or FlowState.Denied, row);
    }

    /// <summary>Four numbers and the quote. Zeros of a Begin or Denied tuple stand for "not counted"; others there are worth a closer look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Counters(ref byte text, bool mustBeZero, RowCells row)
    {
        var (commas, others) = FieldBorders.Of(ref text);
        var rest = others;
        var first = BitOperations.TrailingZeroCount(rest);
        rest &= rest - 1;
        var second = BitOperations.TrailingZeroCount(rest);
        rest &= rest - 1;
        var third = BitOperations.TrailingZeroCount(rest);
        rest &= rest - 1;
        var end = BitOperations.TrailingZeroCount(rest);
        const int Most = 15; // 16 digits less one, compared as unsigned so that none at all is out of range too
        if (rest == 0 || (others & FieldBorders.Below(end)) != (commas & FieldBorders.Below(end)) || Unsafe.Add(ref text, end) != '"'
            || (uint)(first - 1) > Most || (uint)(second - first - 2) > Most || (uint)(third - second - 2) > Most || (uint)(end - third - 2) > Most)
            return 0;
        var packetsSent = ShortNumber.Parse16(ref text, first);
        var bytesSent = ShortNumber.Parse16(ref Unsafe.Add(ref text, first + 1), second - first - 1);
        var packetsReceived = ShortNumber.Parse16(ref Unsafe.Add(ref text, second + 1), third - second - 1);
        var bytesReceived = ShortNumber.Parse16(ref Unsafe.Add(ref text, third + 1), end - third - 1);
        if (!mustBeZero)
            row.SetCounters(packetsSent, bytesSent, packetsReceived, bytesReceived);
        else if ((packetsSent | bytesSent | packetsReceived | bytesReceived) == 0)
            row.SetCounters(-1, -1, -1, -1);
        else
            return 0;
        return end + 1;
    }
}
