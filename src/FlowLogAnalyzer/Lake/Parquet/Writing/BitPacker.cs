using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>
/// Packs non-negative numbers into <c>width</c> bits each, the lowest bit first (parquet-format, Encodings.md, RLE /
/// bit-packing hybrid and delta encoding use the same layout).
/// </summary>
internal static class BitPacker
{
    /// <summary>Bytes that the packing functions may touch behind the packed ones.</summary>
    public const int Slack = 16;

    public static int BitsFor(ulong max) => 64 - BitOperations.LeadingZeroCount(max);

    /// <summary>Packs in groups of eight, the last one filled up with zeros; returns the bytes written.</summary>
    public static int Pack(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        var done = 0;
        if (Bmi2.X64.IsSupported && Vector256.IsHardwareAccelerated)
            done = width <= 8 ? PackBytes(values, width, destination) : width <= 16 ? PackShorts(values, width, destination) : 0;
        var at = done / 8 * width;
        return at + PackScalar(values[done..], width, destination[at..]);
    }

    /// <summary>The same without vector instructions: any width up to 32.</summary>
    public static int PackScalar(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        ulong open = 0;
        var bits = 0;
        var at = 0;
        foreach (var value in values)
        {
            open |= (ulong)(uint)value << bits;
            bits += width;
            if (bits < 32)
                continue;
            BinaryPrimitives.WriteUInt32LittleEndian(destination[at..], (uint)open);
            at += 4;
            open >>= 32;
            bits -= 32;
        }

        var total = (values.Length + 7) / 8 * width;
        for (; at < total; at++, open >>= 8)
            destination[at] = (byte)open;
        return total;
    }

    /// <summary>Packs 64-bit numbers of up to 64 bits; their count times <paramref name="width"/> must fill whole bytes.</summary>
    public static int Pack(ReadOnlySpan<ulong> values, int width, Span<byte> destination)
    {
        if (width == 0)
            return 0;
        ulong open = 0;
        var bits = 0;
        ref var target = ref MemoryMarshal.GetReference(destination);
        nint at = 0;
        foreach (var value in values)
        {
            open |= value << bits;
            bits += width;
            if (bits < 64)
                continue;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, at), open);
            at += 8;
            bits -= 64;
            open = bits == 0 ? 0 : value >> (width - bits);
        }

        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, at), open);
        return values.Length * width / 8;
    }

    /// <summary>Width up to 8: four vectors narrow to 32 bytes, one PEXT per eight values drops the unused bits.</summary>
    private static int PackBytes(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        var mask = 0x0101010101010101UL * ((1UL << width) - 1);
        ref var source = ref MemoryMarshal.GetReference(values);
        var done = 0;
        var at = 0;
        for (; done + 32 <= values.Length; done += 32)
        {
            var low = Vector256.Narrow(Vector256.LoadUnsafe(ref source, (nuint)done), Vector256.LoadUnsafe(ref source, (nuint)done + 8));
            var high = Vector256.Narrow(Vector256.LoadUnsafe(ref source, (nuint)done + 16), Vector256.LoadUnsafe(ref source, (nuint)done + 24));
            var bytes = Vector256.Narrow(low, high).AsUInt64();
            for (var i = 0; i < 4; i++, at += width)
                BinaryPrimitives.WriteUInt64LittleEndian(destination[at..], Bmi2.X64.ParallelBitExtract(bytes.GetElement(i), mask));
        }

        return done;
    }

    /// <summary>Width 9 to 16: two PEXTs of four values each make one group of eight.</summary>
    private static int PackShorts(ReadOnlySpan<int> values, int width, Span<byte> destination)
    {
        var mask = 0x0001000100010001UL * ((1UL << width) - 1);
        ref var source = ref MemoryMarshal.GetReference(values);
        var done = 0;
        var at = 0;
        var half = 4 * width;
        for (; done + 8 <= values.Length; done += 8, at += width)
        {
            var shorts = Vector128.Narrow(Vector128.LoadUnsafe(ref source, (nuint)done), Vector128.LoadUnsafe(ref source, (nuint)done + 4)).AsUInt64();
            var low = Bmi2.X64.ParallelBitExtract(shorts.GetElement(0), mask);
            var high = Bmi2.X64.ParallelBitExtract(shorts.GetElement(1), mask);
            var target = destination.Slice(at, 16);
            BinaryPrimitives.WriteUInt64LittleEndian(target, half == 64 ? low : low | (high << half));
            BinaryPrimitives.WriteUInt64LittleEndian(target[8..], half == 64 ? high : high >> (64 - half));
        }

        return done;
    }
}
