using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowLogAnalyzer.Parsing;

/// <summary>What the next 64 bytes are, one bit each, the first byte lowest.</summary>
/// <param name="Commas">Commas.</param>
/// <param name="Others">Everything but digits, commas included.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FieldBorders(ulong Commas, ulong Others)
{
    /// <summary>64 bytes are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FieldBorders Of(ref byte text)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var all = Vector512.LoadUnsafe(ref text);
            var commas = Vector512.Equals(all, Vector512.Create((byte)',')).ExtractMostSignificantBits();
            var others = Vector512.GreaterThan(all - Vector512.Create((byte)'0'), Vector512.Create((byte)9)).ExtractMostSignificantBits();
            return new FieldBorders(commas, others);
        }

        var low = Vector256.LoadUnsafe(ref text);
        var high = Vector256.LoadUnsafe(ref text, 32);
        var comma = Vector256.Create((byte)',');
        return new FieldBorders(
            Vector256.Equals(low, comma).ExtractMostSignificantBits() | ((ulong)Vector256.Equals(high, comma).ExtractMostSignificantBits() << 32),
            ~(Digits(low) | ((ulong)Digits(high) << 32)));
    }

    /// <summary>All bits below this one.</summary>
    public static ulong Below(int bit) => (1UL << bit) - 1;

    private static uint Digits(Vector256<byte> text)
    {
        var values = text - Vector256.Create((byte)'0');
        return Vector256.Equals(Vector256.Min(values, Vector256.Create((byte)9)), values).ExtractMostSignificantBits();
    }
}
