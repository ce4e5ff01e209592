using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>
/// Which rows of a page have a value: one bit each, the lowest first. That is already the bit-packed form of the
/// definition levels of a flat optional column.
/// </summary>
internal sealed class DefinitionLevels
{
    private readonly ByteBuffer _bits = new();
    private int _rows;

    /// <summary>A negative code is a null.</summary>
    public void Load(ReadOnlySpan<int> codes)
    {
        var bits = Begin(codes.Length);
        ref var source = ref MemoryMarshal.GetReference(codes);
        var row = 0;
        for (; row + 8 <= codes.Length; row += 8)
            bits[row / 8] = (byte)~Vector256.LoadUnsafe(ref source, (nuint)row).ExtractMostSignificantBits();
        for (; row < codes.Length; row++)
            bits[row / 8] |= (byte)(codes[row] >= 0 ? 1 << (row % 8) : 0);
    }

    /// <summary>A negative number is a null.</summary>
    public void Load(ReadOnlySpan<long> values)
    {
        var bits = Begin(values.Length);
        ref var source = ref MemoryMarshal.GetReference(values);
        var row = 0;
        for (; row + 8 <= values.Length; row += 8)
        {
            var low = Vector256.LoadUnsafe(ref source, (nuint)row).ExtractMostSignificantBits();
            var high = Vector256.LoadUnsafe(ref source, (nuint)row + 4).ExtractMostSignificantBits();
            bits[row / 8] = (byte)~(low | (high << 4));
        }

        for (; row < values.Length; row++)
            bits[row / 8] |= (byte)(values[row] >= 0 ? 1 << (row % 8) : 0);
    }

    /// <summary>Appends the levels with their length in front, as a data page (V1) has them.</summary>
    public void Write(ByteBuffer output)
    {
        var at = output.Length;
        output.WriteInt32(0);
        var words = MemoryMarshal.Cast<byte, ulong>(_bits.Written);
        for (var word = 0; word < words.Length;)
            word += IsUniform(words, word) ? WriteRun(output, words, word) : WriteMixed(output, words, word);
        output.PatchInt32(at, output.Length - at - 4);
    }

    public static void WriteUniform(ByteBuffer output, int rows, bool present)
    {
        var at = output.Length;
        output.WriteInt32(0);
        RleBitPackedEncoder.WriteRun(output, present ? 1 : 0, rows, 1);
        output.PatchInt32(at, output.Length - at - 4);
    }

    private Span<byte> Begin(int rows)
    {
        _rows = rows;
        _bits.Clear();
        var size = (rows + 63) / 64 * 8;
        var bits = _bits.Reserve(size)[..size];
        bits.Clear();
        _bits.Advance(size);
        return bits;
    }

    private bool IsUniform(ReadOnlySpan<ulong> words, int word)
        => words[word] == 0 || words[word] == Full(word);

    /// <summary>The value of a word whose rows are all present; the last word may stand for fewer than 64 rows.</summary>
    private ulong Full(int word)
    {
        var rows = _rows - (word * 64);
        return rows >= 64 ? ulong.MaxValue : (1UL << rows) - 1;
    }

    private int WriteRun(ByteBuffer output, ReadOnlySpan<ulong> words, int first)
    {
        var present = words[first] != 0;
        var end = first + 1;
        while (end < words.Length && words[end] == (present ? Full(end) : 0))
            end++;
        RleBitPackedEncoder.WriteRun(output, present ? 1 : 0, Math.Min(_rows, end * 64) - (first * 64), 1);
        return end - first;
    }

    private int WriteMixed(ByteBuffer output, ReadOnlySpan<ulong> words, int first)
    {
        var end = first + 1;
        while (end < words.Length && !IsUniform(words, end))
            end++;
        var groups = (Math.Min(_rows, end * 64) - (first * 64) + 7) / 8;
        output.WriteVarint(((ulong)groups << 1) | 1);
        var target = output.Reserve((end - first) * 8);
        for (var word = first; word < end; word++)
            BinaryPrimitives.WriteUInt64LittleEndian(target[((word - first) * 8)..], words[word]);
        output.Advance(groups);
        return end - first;
    }
}
