using System.Text;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Reads Thrift's compact protocol, as far as Parquet's page headers and footer use it; fields that nobody asks for are skipped.</summary>
internal ref struct ThriftCompactReader(ReadOnlySpan<byte> bytes)
{
    private const int MostDepth = 16;
    private ByteReader _bytes = new(bytes);

    /// <summary>What follows the structs read so far.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes.Rest;

    /// <summary>The next field of the struct at hand; false at its end.</summary>
    /// <param name="id">Of the field before, 0 at the beginning; becomes that of this one.</param>
    /// <param name="type">Of the field.</param>
    public bool Next(ref int id, out ThriftType type)
    {
        var head = _bytes.Byte();
        type = (ThriftType)(head & 0x0F);
        if (head == 0)
            return false;
        id = head >> 4 is var step and > 0 ? id + step : LongId();
        return true;
    }

    public int Int32(ThriftType type)
    {
        Expect(type, ThriftType.Int32);
        var value = _bytes.ZigZag();
        DamageException.Unless(value == (int)value, "a number of 32 bits was expected");
        return (int)value;
    }

    public long Int64(ThriftType type)
    {
        Expect(type, ThriftType.Int64);
        return _bytes.ZigZag();
    }

    public string TextElement() => Encoding.UTF8.GetString(_bytes.Take((long)Math.Min(_bytes.Varint(), long.MaxValue)));

    /// <summary>Begins a list and returns how many elements follow.</summary>
    public int List(ThriftType type, ThriftType element)
    {
        Expect(type, ThriftType.List);
        var (count, found) = ListHead();
        Expect(found, element);
        return count;
    }

    public static void Expect(ThriftType found, ThriftType expected) =>
        DamageException.Unless(found == expected, $"a field of type {expected} was expected, not of type {(int)found}");

    public void Skip(ThriftType type, int depth = 0)
    {
        DamageException.Unless(depth < MostDepth, "structs are nested too deeply");
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                _bytes.Byte();
                break;
            case ThriftType.Int32 or ThriftType.Int64 or ThriftType.Int16:
                _bytes.Varint();
                break;
            case ThriftType.Double:
                _bytes.Take(8);
                break;
            case ThriftType.Binary:
                _bytes.Take((long)Math.Min(_bytes.Varint(), long.MaxValue));
                break;
            case ThriftType.List:
                SkipList(depth);
                break;
            case ThriftType.Struct:
                for (var id = 0; Next(ref id, out var field);)
                    Skip(field, depth + 1);
                break;
            default:
                throw new DamageException($"there is no field of type {(int)type}");
        }
    }

    private int LongId()
    {
        var id = _bytes.ZigZag();
        DamageException.Unless(id is > 0 and <= short.MaxValue, $"there is no field {id}");
        return (int)id;
    }

    private void SkipList(int depth)
    {
        var (count, element) = ListHead();
        for (var i = 0; i < count; i++)
        {
            // In a list a truth value takes a byte; as a field it is its type.
            if (element is ThriftType.True or ThriftType.False)
                _bytes.Byte();
            else
                Skip(element, depth + 1);
        }
    }

    private (int Count, ThriftType Element) ListHead()
    {
        var head = _bytes.Byte();
        var count = head >> 4 is var few and < 15 ? (ulong)few : _bytes.Varint();
        // Every element takes a byte at least.
        DamageException.Unless(count <= (ulong)_bytes.Rest.Length, $"a list of {count} elements does not fit");
        return ((int)count, (ThriftType)(head & 0x0F));
    }
}
