using System.Text.Unicode;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Values in PLAIN encoding, numbered as they come: the entries of a dictionary, or every value of a page that has none.</summary>
internal abstract class PlainValues
{
    public abstract int Count { get; }

    public abstract void Clear();

    /// <summary>Takes the next value.</summary>
    public abstract void Add(ref ByteReader plain);
}

/// <summary>Numbers of 32 or 64 bits.</summary>
internal sealed class PlainNumbers : PlainValues
{
    private readonly List<long> _values = [];

    /// <summary>Bytes of a value: 4 or 8.</summary>
    public int Size { get; set; } = 8;

    public override int Count => _values.Count;

    public ReadOnlySpan<long> Values => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values);

    public override void Clear() => _values.Clear();

    public override void Add(ref ByteReader plain) => Add(Size == 4 ? plain.Int32() : plain.Int64());

    public int Add(long value)
    {
        _values.Add(value);
        return _values.Count - 1;
    }
}

/// <summary>Texts: length in four bytes, then UTF-8. Equal ones are one string.</summary>
internal sealed class PlainTexts(TextPool pool) : PlainValues
{
    private readonly List<string> _values = [];

    public override int Count => _values.Count;

    public IReadOnlyList<string> Values => _values;

    public override void Clear() => _values.Clear();

    public override void Add(ref ByteReader plain) => _values.Add(pool.Of(plain.Take(plain.Int32())));
}

/// <summary>One string for each distinct text, however often it is read.</summary>
internal sealed class TextPool
{
    /// <summary>More texts than this are not worth keeping: they hardly repeat.</summary>
    private const int MostTexts = 64 * 1024;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private char[] _buffer = new char[512];

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (_buffer.Length < utf8.Length)
            _buffer = new char[utf8.Length];
        var isWhole = Utf8.ToUtf16(utf8, _buffer, out _, out var length, replaceInvalidSequences: false) == System.Buffers.OperationStatus.Done;
        DamageException.Unless(isWhole, "a text is not UTF-8");
        return Of(_buffer.AsSpan(0, length));
    }

    private string Of(ReadOnlySpan<char> text)
    {
        var known = _texts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(text, out var pooled))
            return pooled;
        if (_texts.Count == MostTexts)
            _texts.Clear();
        var added = text.ToString();
        _texts.Add(added);
        return added;
    }
}
