using System.Text;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Type codes of the Thrift compact protocol (thrift/doc/specs/thrift-compact-protocol.md).</summary>
internal enum ThriftType
{
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Struct = 12,
}

/// <summary>
/// Writes Thrift's compact protocol, as far as Parquet's page headers and footer use it. Fields of a struct must come in
/// the order of their ids.
/// </summary>
internal sealed class ThriftCompactWriter
{
    private readonly int[] _lastId = new int[16];
    private ByteBuffer _output = new(0);
    private int _depth;

    /// <summary>Starts anew at the end of <paramref name="output"/>.</summary>
    public void Begin(ByteBuffer output) => (_output, _depth) = (output, -1);

    public void BeginStruct() => _lastId[++_depth] = 0;

    public void EndStruct()
    {
        _output.WriteByte(0);
        _depth--;
    }

    public void BeginStruct(int id)
    {
        Field(id, ThriftType.Struct);
        BeginStruct();
    }

    /// <summary>A member of a union that carries nothing but its presence.</summary>
    public void EmptyStruct(int id)
    {
        BeginStruct(id);
        EndStruct();
    }

    public void BeginList(int id, ThriftType element, int count)
    {
        Field(id, ThriftType.List);
        if (count < 15)
        {
            _output.WriteByte((byte)((count << 4) | (int)element));
            return;
        }

        _output.WriteByte((byte)(0xF0 | (int)element));
        _output.WriteVarint((ulong)count);
    }

    public void Int32Element(int value) => _output.WriteZigZag(value);

    public void TextElement(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    public void Bool(int id, bool value) => Field(id, value ? ThriftType.True : ThriftType.False);

    public void Byte(int id, byte value)
    {
        Field(id, ThriftType.Byte);
        _output.WriteByte(value);
    }

    public void Int32(int id, int value)
    {
        Field(id, ThriftType.Int32);
        _output.WriteZigZag(value);
    }

    public void Int64(int id, long value)
    {
        Field(id, ThriftType.Int64);
        _output.WriteZigZag(value);
    }

    public void Text(int id, string text) => Binary(id, Encoding.UTF8.GetBytes(text));

    public void Binary(int id, ReadOnlySpan<byte> bytes)
    {
        Field(id, ThriftType.Binary);
        Bytes(bytes);
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        _output.WriteVarint((ulong)bytes.Length);
        _output.Write(bytes);
    }

    private void Field(int id, ThriftType type)
    {
        var delta = id - _lastId[_depth];
        _lastId[_depth] = id;
        if (delta is > 0 and <= 15)
        {
            _output.WriteByte((byte)((delta << 4) | (int)type));
            return;
        }

        _output.WriteByte((byte)type);
        _output.WriteZigZag(id);
    }
}
