using System.Buffers.Binary;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Takes bytes off the front; what is not there is damage and never read.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private const int MostVarintBytes = 10;

    /// <summary>What was not taken yet.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public readonly bool IsEmpty => Rest.IsEmpty;

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Rest.Length)
            throw new DamageException($"{count} bytes were expected, {Rest.Length} are left");
        var taken = Rest[..(int)count];
        Rest = Rest[(int)count..];
        return taken;
    }

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>Unsigned LEB128.</summary>
    public ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < MostVarintBytes; i++)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
                return value;
        }

        throw new DamageException("a number has no end");
    }

    public long ZigZag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
