using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Takes apart what <see cref="Writing.BitPacker"/> packs: numbers of a fixed width, the lowest bit first.</summary>
internal static class BitUnpacker
{
    private const int Group = 8;

    /// <summary>Widths up to 32; <paramref name="packed"/> must hold all values and may hold more.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, int width, Span<int> values)
    {
        var done = 0;
        if (Bmi2.X64.IsSupported && Avx2.IsSupported)
            done = width <= 8 ? UnpackBytes(packed, width, values) : width <= 16 ? UnpackShorts(packed, width, values) : 0;
        UnpackScalar(packed[(done / Group * width)..], width, values[done..]);
    }

    /// <summary>The same without vector instructions.</summary>
    public static void UnpackScalar(ReadOnlySpan<byte> packed, int width, Span<int> values)
    {
        var mask = (1UL << width) - 1;
        for (var i = 0; i < values.Length; i++)
        {
            var bit = (long)i * width;
            values[i] = (int)((Word(packed, (int)(bit >> 3)) >> (int)(bit & 7)) & mask);
        }
    }

    /// <summary>Widths up to 64, and <paramref name="shift"/> added to every value; wraps around as delta encoding asks for.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, int width, long shift, Span<long> values)
    {
        if (width == 0)
        {
            values.Fill(shift);
            return;
        }

        var mask = ulong.MaxValue >> (64 - width);
        for (var i = 0; i < values.Length; i++)
        {
            var (at, bits) = (i * width >> 3, i * width & 7);
            var value = Word(packed, at) >> bits;
            if (bits + width > 64)
                value |= (ulong)packed[at + 8] << (64 - bits);
            values[i] = unchecked((long)(value & mask) + shift);
        }
    }

    /// <summary>Eight bytes, or as many as there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ReadOnlySpan<byte> bytes, int at) =>
        at + 8 <= bytes.Length ? Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at)) : LastWord(bytes[at..]);

    private static ulong LastWord(ReadOnlySpan<byte> bytes)
    {
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        bytes[..Math.Min(8, bytes.Length)].CopyTo(word);
        return BinaryPrimitives.ReadUInt64LittleEndian(word);
    }

    /// <summary>One PDEP gives each of eight values its byte.</summary>
    private static int UnpackBytes(ReadOnlySpan<byte> packed, int width, Span<int> values)
    {
        var mask = 0x0101010101010101UL * ((1UL << width) - 1);
        ref var target = ref MemoryMarshal.GetReference(values);
        var done = 0;
        for (var at = 0; done + Group <= values.Length && at + 8 <= packed.Length; at += width, done += Group)
        {
            var bytes = Bmi2.X64.ParallelBitDeposit(BinaryPrimitives.ReadUInt64LittleEndian(packed[at..]), mask);
            Avx2.ConvertToVector256Int32(Vector128.CreateScalar(bytes).AsByte()).StoreUnsafe(ref target, (nuint)done);
        }

        return done;
    }

    /// <summary>Two PDEPs of four values each; the second four begin in the middle of a byte when the width is odd.</summary>
    private static int UnpackShorts(ReadOnlySpan<byte> packed, int width, Span<int> values)
    {
        var mask = 0x0001000100010001UL * ((1UL << width) - 1);
        var (half, odd) = (4 * width >> 3, 4 * width & 7);
        ref var target = ref MemoryMarshal.GetReference(values);
        var done = 0;
        for (var at = 0; done + Group <= values.Length && at + half + 8 <= packed.Length; at += width, done += Group)
        {
            var low = Bmi2.X64.ParallelBitDeposit(BinaryPrimitives.ReadUInt64LittleEndian(packed[at..]), mask);
            var high = Bmi2.X64.ParallelBitDeposit(BinaryPrimitives.ReadUInt64LittleEndian(packed[(at + half)..]) >> odd, mask);
            Avx2.ConvertToVector256Int32(Vector128.Create(low, high).AsUInt16()).StoreUnsafe(ref target, (nuint)done);
        }

        return done;
    }
}
