using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>
/// The RLE / bit-packing hybrid (parquet-format, Encodings.md): long runs as count and value, the rest bit-packed in
/// groups of eight. Used for dictionary indices and for definition levels.
/// </summary>
internal sealed class RleBitPackedEncoder
{
    /// <summary>Bit-packed values come in groups of this many.</summary>
    private const int Group = 8;

    private const int LiteralCapacity = 8192;
    private readonly int[] _literals = new int[LiteralCapacity];
    private ByteBuffer _output = new();
    private int _width;
    private int _shortestRun;
    private int _literalCount;
    private int _value;
    private int _count;

    public void Begin(ByteBuffer output, int width)
    {
        _output = output;
        _width = width;
        _shortestRun = ShortestRun(width);
        _literalCount = 0;
        _count = 0;
    }

    public void Add(int value, int count)
    {
        if (value == _value)
        {
            _count += count;
            return;
        }

        FlushRun();
        _value = value;
        _count = count;
    }

    public void Finish()
    {
        FlushRun();
        FlushLiterals();
    }

    /// <summary>Values as they are: where eight neighbours and more are equal they become a run, the others are packed.</summary>
    public static void WriteAll(ByteBuffer output, ReadOnlySpan<int> values, int width)
    {
        var (literals, at, shortest) = (0, 0, ShortestRun(width));
        while (at + Group <= values.Length)
        {
            var length = IsUniform(values, at) ? LengthOfRun(values[at..]) : 0;
            if (length < shortest)
            {
                at += Group;
                continue;
            }

            WriteLiterals(output, values[literals..at], width);
            WriteRun(output, values[at], length, width);
            literals = at += length;
        }

        WriteLiterals(output, values[literals..], width);
    }

    /// <summary>Values as one bit-packed run.</summary>
    private static void WriteLiterals(ByteBuffer output, ReadOnlySpan<int> values, int width)
    {
        if (values.IsEmpty)
            return;
        var groups = (values.Length + Group - 1) / Group;
        output.WriteVarint(((ulong)groups << 1) | 1);
        output.Advance(BitPacker.Pack(values, width, output.Reserve((groups * width) + BitPacker.Slack)));
    }

    public static void WriteRun(ByteBuffer output, int value, int count, int width)
    {
        output.WriteVarint((ulong)count << 1);
        for (var bits = 0; bits < width; bits += 8)
            output.WriteByte((byte)(value >> bits));
    }

    /// <summary>A run costs two to five bytes and breaks the literals before and behind it: eight bytes of literals pay for it.</summary>
    private static int ShortestRun(int width) => Math.Max(Group, 64 / width);

    private static bool IsUniform(ReadOnlySpan<int> values, int at) =>
        Vector256.EqualsAll(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at), Vector256.Create(values[at]));

    private static int LengthOfRun(ReadOnlySpan<int> values)
    {
        var length = values.IndexOfAnyExcept(values[0]);
        return length < 0 ? values.Length : length;
    }

    private void FlushRun()
    {
        var rest = _count;
        _count = 0;
        if (_literalCount % 8 != 0)
            rest -= AppendLiterals(Math.Min(rest, 8 - (_literalCount % 8)));
        if (rest >= _shortestRun)
        {
            FlushLiterals();
            WriteRun(_output, _value, rest, _width);
            return;
        }

        AppendLiterals(rest);
    }

    private int AppendLiterals(int count)
    {
        // Only the last group of a page may be filled up with zeros. None is open here: an open one is filled up first,
        // which never goes beyond the buffer, a multiple of eight.
        if (_literalCount + count > LiteralCapacity)
            FlushLiterals();
        _literals.AsSpan(_literalCount, count).Fill(_value);
        _literalCount += count;
        return count;
    }

    private void FlushLiterals()
    {
        if (_literalCount > 0)
            WriteLiterals(_output, _literals.AsSpan(0, _literalCount), _width);
        _literalCount = 0;
    }
}
