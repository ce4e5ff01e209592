using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Undoes <see cref="RleBitPackedEncoder"/>: runs of one value, and bit-packed groups of eight.</summary>
internal static class HybridDecoder
{
    private const int Group = 8;
    private const int MostBits = 31;

    /// <summary>Decodes exactly as many values as there is room for; no byte may be left over.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, int width, Span<int> values)
    {
        DamageException.Unless(width is > 0 and <= MostBits, $"numbers of {width} bits are unknown to the lake");
        var reader = new ByteReader(bytes);
        while (!values.IsEmpty)
        {
            var count = Run(ref reader, values, out var isLiteral);
            if (isLiteral)
                Unpack(ref reader, width, values[..count]);
            else
                values[..count].Fill(Value(ref reader, width));
            values = values[count..];
        }

        DamageException.Unless(reader.IsEmpty, $"{reader.Rest.Length} bytes are left over behind the values");
    }

    /// <summary>The value when a single run is all there is.</summary>
    public static bool IsOneRun(ReadOnlySpan<byte> bytes, int width, int count, out int value)
    {
        value = 0;
        var reader = new ByteReader(bytes);
        if (count == 0 || reader.Varint() != (ulong)count << 1 || reader.Rest.Length != (width + 7) / 8)
            return false;
        value = Value(ref reader, width);
        return true;
    }

    private static void Unpack(ref ByteReader reader, int width, Span<int> values)
    {
        // With what follows them, so that the last values are read by whole words like the others.
        var packed = reader.Rest;
        reader.Take((long)((values.Length + Group - 1) / Group) * width);
        BitUnpacker.Unpack(packed, width, values);
    }

    /// <summary>Length of the next run, the zeros left out that fill up the last group.</summary>
    private static int Run(ref ByteReader reader, Span<int> values, out bool isLiteral)
    {
        var head = reader.Varint();
        isLiteral = (head & 1) != 0;
        var length = head >> 1;
        var most = isLiteral ? ((ulong)values.Length + Group - 1) / Group : (ulong)values.Length;
        DamageException.Unless(length > 0 && length <= most, $"a run of {length} does not fit into the {values.Length} values that are left");
        return isLiteral ? Math.Min(values.Length, (int)length * Group) : (int)length;
    }

    private static int Value(ref ByteReader reader, int width)
    {
        var value = 0UL;
        for (var bits = 0; bits < width; bits += 8)
            value |= (ulong)reader.Byte() << bits;
        DamageException.Unless(value >> width == 0, $"{value} has more than {width} bits");
        return (int)value;
    }
}
