using System.Runtime.CompilerServices;

namespace FlowLogAnalyzer.Parsing;

/// <summary>Decimal digits to numbers, eight at a time. The caller has checked that they are digits.</summary>
internal static class ShortNumber
{
    /// <summary>1 to 8 digits; eight bytes are read whatever the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Parse8(ref byte text, int length)
    {
        // The bytes behind the digits are the upper ones here: the shift drops them and puts zeros in front of the digits.
        var x = (Unsafe.ReadUnaligned<ulong>(ref text) - 0x3030303030303030UL) << (64 - (8 * length));
        x = (x * 10) + (x >> 8);
        const ulong Pairs = 0x000000FF000000FF;
        return (uint)((((x & Pairs) * 0x000F424000000064UL) + (((x >> 16) & Pairs) * 0x0000271000000001UL)) >> 32);
    }

    /// <summary>Two digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Parse2(ref byte text) => (text * 10u) + Unsafe.Add(ref text, 1) - ('0' * 11u);

    /// <summary>1 to 16 digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Parse16(ref byte text, int length) => length <= 8
        ? Parse8(ref text, length)
        : (Parse8(ref text, length - 8) * 100_000_000L) + Parse8(ref Unsafe.Add(ref text, length - 8), 8);
}
