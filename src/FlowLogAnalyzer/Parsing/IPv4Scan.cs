using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// IPv4 addresses from text without a loop: where the dots are says how to move the digits to fixed places, and two
/// multiplications make octets of them (D. Lemire, "Parsing IP addresses crazily fast", 2023). Accepts exactly what
/// <see cref="AddressText.TryParseIPv4"/> accepts.
/// </summary>
internal static class IPv4Scan
{
    /// <summary>The shortest and longest text, <c>0.0.0.0</c> and <c>255.255.255.255</c>.</summary>
    private const int Shortest = 7, Longest = 15;

    /// <summary>Gives every legal set of dots a slot of its own below 256.</summary>
    private const int HashFactor = 6639, HashShift = 13;

    private static readonly Layout[] Layouts = MakeLayouts();

    /// <summary>The address, or -1 when the text is not a plain one. 16 bytes are read whatever the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Parse(ref byte text, int length)
    {
        if ((uint)(length - Shortest) > Longest - Shortest)
            return -1;
        return Ssse3.IsSupported ? Vector(ref text, length)
            : AddressText.TryParseIPv4(MemoryMarshal.CreateReadOnlySpan(ref text, length), out var address) ? address : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Vector(ref byte text, int length)
    {
        var input = Vector128.LoadUnsafe(ref text);
        var dots = Vector128.Equals(input, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
        var borders = (dots & ((1u << length) - 1)) | (1u << length);
        ref var layout = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Layouts), Slot(borders));

        // Tens and ones of the four octets, then their hundreds; places without a digit become 0.
        var digits = Ssse3.Shuffle(input - Vector128.Create((byte)'0'), layout.Places);
        var wrong = Vector128.GreaterThan(digits, Vector128.Create((byte)9)) | (Vector128.Equals(digits, Vector128<byte>.Zero) & layout.Leading);
        var weighted = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create(10, 1, 10, 1, 10, 1, 10, 1, 100, 0, 100, 0, 100, 0, 100, 0)).AsUInt64();
        var octets = weighted[0] + weighted[1];
        if (layout.Borders != borders || wrong != Vector128<byte>.Zero || (octets & 0xFF00FF00FF00FF00) != 0)
            return -1;
        var pairs = octets | (octets >> 8);
        return (long)((pairs & 0xFFFF) | ((pairs >> 16) & 0xFFFF0000));
    }

    private static int Slot(uint borders) => (int)((borders * HashFactor) >> HashShift) & 255;

    private static Layout[] MakeLayouts()
    {
        var layouts = new Layout[256];
        for (var code = 0; code < 81; code++)
        {
            var layout = Layout.Of([1 + (code % 3), 1 + (code / 3 % 3), 1 + (code / 9 % 3), 1 + (code / 27)]);
            ref var slot = ref layouts[Slot(layout.Borders)];
            slot = slot.Borders == 0 ? layout : throw new InvalidOperationException($"Two sets of dots share the slot {Slot(layout.Borders)}.");
        }

        return layouts;
    }

    /// <summary>What to do with a text by the lengths of its octets.</summary>
    /// <param name="Places">For each place the digit that belongs there; 0x80 for none.</param>
    /// <param name="Leading">All ones where a 0 would be a leading one.</param>
    /// <param name="Borders">The dots, and the end of the text.</param>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Layout(Vector128<byte> Places, Vector128<byte> Leading, uint Borders)
    {
        public static Layout Of(ReadOnlySpan<int> lengths)
        {
            Span<byte> places = stackalloc byte[16];
            Span<byte> leading = stackalloc byte[16];
            places.Fill(0x80);
            leading.Clear();
            var (at, borders) = (0, 0u);
            for (var octet = 0; octet < 4; octet++)
            {
                // The last octet comes first: it is the lowest byte of the address.
                var tens = 2 * (3 - octet);
                var (length, hundreds) = (lengths[octet], 8 + tens);
                places[tens + 1] = (byte)(at + length - 1);
                if (length > 1)
                    places[tens] = (byte)(at + length - 2);
                if (length > 2)
                    places[hundreds] = (byte)at;
                if (length > 1)
                    leading[length == 2 ? tens : hundreds] = 0xFF;
                borders |= 1u << (at + length);
                at += length + 1;
            }

            return new Layout(Vector128.Create((ReadOnlySpan<byte>)places), Vector128.Create((ReadOnlySpan<byte>)leading), borders);
        }
    }
}
