using System.Buffers.Binary;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>The distinct values of a column in a row group; a row points to one by its position.</summary>
internal abstract class ChunkDictionary
{
    public abstract int Count { get; }

    /// <summary>Bytes of the dictionary page before compression.</summary>
    public abstract int Size { get; }

    /// <summary>Smallest and largest entry, or null when there are none.</summary>
    public abstract ValueRange? Range { get; }

    public abstract void Clear();

    /// <summary>Appends the dictionary page's body: the entries in PLAIN encoding.</summary>
    public abstract void WritePlain(ByteBuffer output);
}

/// <summary>Distinct texts, kept in the form of the dictionary page: length (4 bytes) and UTF-8 bytes, one after the other.</summary>
internal sealed class TextValues : ChunkDictionary
{
    private readonly ByteBuffer _plain = new();
    private int[] _ends = new int[64];
    private int _count;

    public override int Count => _count;

    public override int Size => _plain.Length;

    public override ValueRange? Range
    {
        get
        {
            if (_count == 0)
                return null;
            var min = Text(0);
            var max = min;
            for (var i = 1; i < _count; i++)
            {
                var text = Text(i);
                if (ValueRange.Less(text, min))
                    min = text;
                else if (ValueRange.Less(max, text))
                    max = text;
            }

            return ValueRange.Of(min, max);
        }
    }

    public override void Clear()
    {
        _plain.Clear();
        _count = 0;
    }

    public override void WritePlain(ByteBuffer output) => output.Write(_plain.Written);

    /// <summary>Room for an entry of at most <paramref name="size"/> bytes; <see cref="End"/> takes the bytes written to it.</summary>
    public Span<byte> Begin(int size) => _plain.Reserve(size + 4)[4..];

    public int End(int size)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_plain.Reserve(4), size);
        _plain.Advance(size + 4);
        if (_count == _ends.Length)
            Array.Resize(ref _ends, _count * 2);
        _ends[_count] = _plain.Length;
        return _count++;
    }

    public ReadOnlySpan<byte> Text(int code) => Entry(code)[4..];

    /// <summary>One entry with its length in front: also the form that a value has in a plain data page.</summary>
    public ReadOnlySpan<byte> Entry(int code)
    {
        var start = code == 0 ? 0 : _ends[code - 1];
        return _plain.Slice(start, _ends[code] - start);
    }
}

/// <summary>Distinct numbers of a 32-bit or 64-bit column.</summary>
internal sealed class NumberValues(PhysicalType type) : ChunkDictionary
{
    private long[] _values = new long[64];
    private int _count;

    public override int Count => _count;

    public override int Size => _count * (type == PhysicalType.Int32 ? 4 : 8);

    public ReadOnlySpan<long> Values => _values.AsSpan(0, _count);

    public override ValueRange? Range => _count == 0 ? null : MinMax.Of(Values);

    public override void Clear() => _count = 0;

    public int Append(long value)
    {
        if (_count == _values.Length)
            Array.Resize(ref _values, _count * 2);
        _values[_count] = value;
        return _count++;
    }

    public override void WritePlain(ByteBuffer output)
    {
        foreach (var value in Values)
        {
            if (type == PhysicalType.Int32)
                output.WriteInt32((int)value);
            else
                output.WriteInt64(value);
        }
    }
}
