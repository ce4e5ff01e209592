namespace FlowLogAnalyzer.Parsing;

/// <summary>Collects codes that are not known as <c>field=text</c> joined by <c>;</c>.</summary>
internal ref struct OtherText(Span<byte> buffer)
{
    /// <summary>Longest text kept of one field; codes are letters, longer ones are damage.</summary>
    public const int MaxFieldBytes = 64;

    /// <summary>Room for every field that has a code.</summary>
    public const int Capacity = 6 * (MaxFieldBytes + 16);

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    public void Add(ReadOnlySpan<byte> field, ReadOnlySpan<byte> text)
    {
        if (_length > 0)
            _buffer[_length++] = (byte)';';
        Append(field);
        _buffer[_length++] = (byte)'=';
        Append(Cut(text));
    }

    public readonly string? ToString(Utf8StringPool pool) => _length == 0 ? null : pool.Get(_buffer[.._length]);

    /// <summary>Valid UTF-8 cut to <see cref="MaxFieldBytes"/> between two characters.</summary>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text)
    {
        if (text.Length <= MaxFieldBytes)
            return text;
        var end = MaxFieldBytes;
        while (end > 0 && (text[end] & 0xC0) == 0x80)
            end--;
        return text[..end];
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer[_length..]);
        _length += text.Length;
    }
}
