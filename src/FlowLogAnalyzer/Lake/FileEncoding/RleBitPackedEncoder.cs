namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>
/// The RLE / bit-packing hybrid (parquet-format, Encodings.md): long runs as count and value, the rest bit-packed in
/// groups of eight. Used for dictionary indices and for definition levels.
/// </summary>
internal sealed class RleBitPackedEncoder
{
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
        // A run costs two to five bytes and breaks the literals before and behind it: eight bytes of literals pay for it.
        _shortestRun = Math.Max(8, 64 / width);
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

    /// <summary>All values of a page as one bit-packed run: for values that hardly repeat.</summary>
    public static void WriteLiterals(ByteBuffer output, ReadOnlySpan<int> values, int width)
    {
        var groups = (values.Length + 7) / 8;
        output.WriteVarint(((ulong)groups << 1) | 1);
        output.Advance(BitPacker.Pack(values, width, output.Reserve((groups * width) + BitPacker.Slack)));
    }

    public static void WriteRun(ByteBuffer output, int value, int count, int width)
    {
        output.WriteVarint((ulong)count << 1);
        for (var bits = 0; bits < width; bits += 8)
            output.WriteByte((byte)(value >> bits));
    }

    /// <summary>Values as they are; equal neighbours are found with vector compares.</summary>
    public void AddAll(ReadOnlySpan<int> values)
    {
        while (!values.IsEmpty)
        {
            var length = values.IndexOfAnyExcept(values[0]);
            if (length < 0)
                length = values.Length;
            Add(values[0], length);
            values = values[length..];
        }
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
