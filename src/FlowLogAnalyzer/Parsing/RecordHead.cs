namespace FlowLogAnalyzer.Parsing;

/// <summary>The first bytes of the record at hand: they are gone from the buffer when it is rejected at its end.</summary>
internal sealed class RecordHead
{
    private readonly byte[] _bytes = new byte[400];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_length == _bytes.Length)
            return;
        var count = Math.Min(bytes.Length, _bytes.Length - _length);
        bytes[..count].CopyTo(_bytes.AsSpan(_length));
        _length += count;
    }
}
