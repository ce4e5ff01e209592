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
    private readonly AddressCache _addresses = new();

    public static bool IsSupported => BitConverter.IsLittleEndian && Vector128.IsHardwareAccelerated;

    /// <summary>To be called for every new batch, and when its addresses were cleared.</summary>
    public void Use(TupleBatch batch) => _addresses.Use(batch.Addresses);

    /// <summary>
    /// Reads from <paramref name="data"/>, which stands at a quote, or at a comma and a quote when a tuple came before.
    /// Returns the bytes behind the last closing quote taken; the rows are committed to the batch.
    /// </summary>
    public int Scan(ReadOnlySpan<byte> data, bool follows, bool isVnet, TupleBatch batch, in ScanContext context)
    {
        ref var start = ref MemoryMarshal.GetReference(data);
        var (at, rows) = (0, 0);
        var room = Math.Min(context.MaxRows, batch.Capacity - batch.Count);
        for (; rows < room && at + Window <= data.Length; rows++)
        {
            ref var text = ref Unsafe.Add(ref start, at);
            var opening = follows ? 2 : 1;
            if (follows ? Unsafe.ReadUnaligned<ushort>(ref text) != CommaQuote : text != '"')
                break;
            text = ref Unsafe.Add(ref text, opening);
            var row = batch.Count + rows;
            var length = isVnet ? Vnet(ref text, batch, row) : Nsg(ref text, batch, row);
            if (length == 0)
                break;
            batch.Group[row] = context.Group;
            batch.TupleIndex[row] = context.FirstTuple + rows;
            batch.Flags[row] = context.Flags;
            if (isVnet)
                batch.Encryption[row] = "NX";
            at += opening + length;
            follows = true;
        }

        batch.Commit(rows, withEncryption: isVnet);
        return at;
    }

    /// <summary>The length of the tuple with its closing quote, or 0 when it is not a plain one.</summary>
    private int Nsg(ref byte text, TupleBatch batch, int row)
    {
        const int TimeDigits = 10;
        var head = Head(ref text, batch, row, TimeDigits);
        // A leading zero leaves room for numbers that are no times.
        if (head == 0 || text == '0')
            return 0;
        var codes = TupleWords.FindNsg(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, head)));
        if (codes == 0)
            return 0;
        batch.TimeMs[row] = ((ShortNumber.Parse8(ref text, 8) * 100L) + ShortNumber.Parse8(ref Unsafe.Add(ref text, 8), 2)) * 1000;
        batch.Protocol[row] = (short)(codes >> TupleWords.ProtocolShift);
        var tail = Codes(codes, ref Unsafe.Add(ref text, head + 8), batch, row);
        return tail == 0 ? 0 : head + 8 + tail;
    }

    /// <inheritdoc cref="Nsg"/>
    private int Vnet(ref byte text, TupleBatch batch, int row)
    {
        const int TimeDigits = 13;
        var head = Head(ref text, batch, row, TimeDigits);
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
        batch.TimeMs[row] = (ShortNumber.Parse8(ref text, 8) * 100_000L) + ShortNumber.Parse8(ref Unsafe.Add(ref text, 8), 5);
        batch.Protocol[row] = (short)ShortNumber.Parse8(ref protocol, digits);
        // VNet tuples write zeros where NSG tuples leave counters out.
        ref var counters = ref Unsafe.Add(ref text, head + 7);
        var tail = counters == ',' ? 0 : Codes(codes, ref counters, batch, row);
        return tail == 0 ? 0 : head + 7 + tail;
    }

    /// <summary>Addresses and ports; the time only as far as that it has so many digits. The bytes up to behind the fifth comma, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Head(ref byte text, TupleBatch batch, int row, int timeDigits)
    {
        var (commas, others) = Masks(ref text);
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

        // Digits only in the time and the ports; the addresses are checked when they are looked up.
        var numbers = ((1UL << timeDigits) - 1) | (Below(destinationPort) & ~Below(destination));
        if (rest == 0 || time != timeDigits || (others & ~commas & numbers) != 0 || (uint)(sourceDigits - 1) > 4 || (uint)(destinationDigits - 1) > 4)
            return 0;
        var (from, to) = (ShortNumber.Parse8(ref Unsafe.Add(ref text, destination + 1), sourceDigits), ShortNumber.Parse8(ref Unsafe.Add(ref text, sourcePort + 1), destinationDigits));
        var sourceId = _addresses.Id(ref Unsafe.Add(ref text, time + 1), source - time - 1);
        var destinationId = _addresses.Id(ref Unsafe.Add(ref text, source + 1), destination - source - 1);
        if ((from | to) > 65535 || (sourceId | destinationId) < 0)
            return 0;
        batch.SourcePort[row] = (int)from;
        batch.DestinationPort[row] = (int)to;
        batch.Source[row] = sourceId;
        batch.Destination[row] = destinationId;
        return destinationPort + 1;
    }

    /// <summary>Direction, decision, state and the counters behind them up to the closing quote; their bytes, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Codes(uint codes, ref byte text, TupleBatch batch, int row)
    {
        batch.Direction[row] = (Direction)(codes & 255);
        batch.Decision[row] = (Decision)((codes >> TupleWords.DecisionShift) & 255);
        var state = (FlowState)((codes >> TupleWords.StateShift) & 255);
        batch.State[row] = state;
        if (Unsafe.ReadUnaligned<uint>(ref text) == NoCounters)
        {
            batch.PacketsSent[row] = batch.BytesSent[row] = batch.PacketsReceived[row] = batch.BytesReceived[row] = -1;
            return 4;
        }

        return Counters(ref text, state is FlowState.Begin or FlowState.Denied, batch, row);
    }

    /// <summary>Four numbers and the quote. Zeros of a Begin or Denied tuple stand for "not counted"; others there are worth a closer look.</summary>
    private static int Counters(ref byte text, bool mustBeZero, TupleBatch batch, int row)
    {
        var (commas, others) = Masks(ref text);
        var rest = others;
        var first = BitOperations.TrailingZeroCount(rest);
        rest &= rest - 1;
        var second = BitOperations.TrailingZeroCount(rest);
        rest &= rest - 1;
        var third = BitOperations.TrailingZeroCount(rest);
        rest &= rest - 1;
        var end = BitOperations.TrailingZeroCount(rest);
        const int Most = 15; // 16 digits less one, compared as unsigned so that none at all is out of range too
        if (rest == 0 || (others & Below(end)) != (commas & Below(end)) || Unsafe.Add(ref text, end) != '"'
            || (uint)(first - 1) > Most || (uint)(second - first - 2) > Most || (uint)(third - second - 2) > Most || (uint)(end - third - 2) > Most)
            return 0;
        var packetsSent = ShortNumber.Parse16(ref text, first);
        var bytesSent = ShortNumber.Parse16(ref Unsafe.Add(ref text, first + 1), second - first - 1);
        var packetsReceived = ShortNumber.Parse16(ref Unsafe.Add(ref text, second + 1), third - second - 1);
        var bytesReceived = ShortNumber.Parse16(ref Unsafe.Add(ref text, third + 1), end - third - 1);
        if (mustBeZero)
        {
            if ((packetsSent | bytesSent | packetsReceived | bytesReceived) != 0)
                return 0;
            packetsSent = bytesSent = packetsReceived = bytesReceived = -1;
        }

        batch.PacketsSent[row] = packetsSent;
        batch.BytesSent[row] = bytesSent;
        batch.PacketsReceived[row] = packetsReceived;
        batch.BytesReceived[row] = bytesReceived;
        return end + 1;
    }

    private static ulong Below(int bit) => (1UL << bit) - 1;

    /// <summary>Of the next 64 bytes: which are commas, and which are no digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong Commas, ulong Others) Masks(ref byte text)
    {
        var low = Vector256.LoadUnsafe(ref text);
        var high = Vector256.LoadUnsafe(ref text, 32);
        var comma = Vector256.Create((byte)',');
        var commas = Vector256.Equals(low, comma).ExtractMostSignificantBits() | ((ulong)Vector256.Equals(high, comma).ExtractMostSignificantBits() << 32);
        var digits = Digits(low) | ((ulong)Digits(high) << 32);
        return (commas, ~digits);
    }

    private static uint Digits(Vector256<byte> text)
    {
        var values = text - Vector256.Create((byte)'0');
        return Vector256.Equals(Vector256.Min(values, Vector256.Create((byte)9)), values).ExtractMostSignificantBits();
    }
}
