using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>
/// DELTA_BINARY_PACKED (parquet-format, Encodings.md): blocks of 128 differences, four miniblocks of 32 with a bit width
/// of their own. Differences wrap around, as the format asks for. Good for 32-bit columns too as long as their values
/// are not negative: no width above 32 bits can then arise.
/// </summary>
internal sealed class DeltaBinaryPackedEncoder
{
    public const int Block = 128;
    public const int Miniblocks = 4;
    private const int PerMiniblock = Block / Miniblocks;
    private readonly ulong[] _deltas = new ulong[Block];

    public void Write(ByteBuffer output, ReadOnlySpan<long> values)
    {
        output.WriteVarint(Block);
        output.WriteVarint(Miniblocks);
        output.WriteVarint((ulong)values.Length);
        output.WriteZigZag(values.IsEmpty ? 0 : values[0]);
        for (var at = 1; at < values.Length; at += Block)
            WriteBlock(output, values[(at - 1)..Math.Min(values.Length, at + Block)]);
    }

    /// <param name="output">Where the block goes.</param>
    /// <param name="values">The block's values and, in front, the one before them.</param>
    private void WriteBlock(ByteBuffer output, ReadOnlySpan<long> values)
    {
        var count = values.Length - 1;
        var deltas = _deltas.AsSpan();
        var least = count == Block ? WholeDeltas(values, deltas) : PartialDeltas(values, deltas);
        output.WriteZigZag(least);

        var target = output.Reserve(Miniblocks + (Block * 8) + BitPacker.Slack);
        var size = Miniblocks;
        for (var mini = 0; mini < Miniblocks; mini++)
        {
            var part = deltas.Slice(mini * PerMiniblock, PerMiniblock);
            var width = mini * PerMiniblock < count ? BitPacker.BitsFor(Or(part)) : 0;
            target[mini] = (byte)width;
            size += BitPacker.Pack(part, width, target[size..]);
        }

        output.Advance(size);
    }

    private static long WholeDeltas(ReadOnlySpan<long> values, Span<ulong> deltas)
    {
        ref var source = ref MemoryMarshal.GetReference(values);
        ref var target = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<ulong, long>(deltas));
        var least = Vector256.Create(long.MaxValue);
        for (nuint i = 0; i < Block; i += 4)
        {
            var delta = Vector256.LoadUnsafe(ref source, i + 1) - Vector256.LoadUnsafe(ref source, i);
            least = Vector256.Min(least, delta);
            delta.StoreUnsafe(ref target, i);
        }

        var min = Math.Min(Math.Min(least[0], least[1]), Math.Min(least[2], least[3]));
        var shift = Vector256.Create(min);
        for (nuint i = 0; i < Block; i += 4)
            (Vector256.LoadUnsafe(ref target, i) - shift).StoreUnsafe(ref target, i);
        return min;
    }

    private static long PartialDeltas(ReadOnlySpan<long> values, Span<ulong> deltas)
    {
        var count = values.Length - 1;
        var min = long.MaxValue;
        for (var i = 0; i < count; i++)
        {
            var delta = unchecked(values[i + 1] - values[i]);
            deltas[i] = (ulong)delta;
            min = Math.Min(min, delta);
        }

        for (var i = 0; i < count; i++)
            deltas[i] = unchecked(deltas[i] - (ulong)min);
        deltas[count..].Clear();
        return min;
    }

    private static ulong Or(ReadOnlySpan<ulong> values)
    {
        ref var source = ref MemoryMarshal.GetReference(values);
        var or = Vector256<ulong>.Zero;
        for (nuint i = 0; i < PerMiniblock; i += 4)
            or |= Vector256.LoadUnsafe(ref source, i);
        return or[0] | or[1] | or[2] | or[3];
    }
}
