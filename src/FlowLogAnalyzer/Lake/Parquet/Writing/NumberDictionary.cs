namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Gives numbers their codes. Open addressing: times of a row group are looked up for nearly every row.</summary>
internal sealed class NumberDictionary(PhysicalType type)
{
    private long[] _keys = new long[256];

    /// <summary>Codes + 1; 0 = the slot is free.</summary>
    private int[] _codes = new int[256];
    private long _last;
    private int _lastCode = -1;

    public NumberValues Values { get; } = new(type);

    public void Clear()
    {
        Array.Clear(_codes);
        Values.Clear();
        _lastCode = -1;
    }

    public int Code(long value)
    {
        if (value == _last && _lastCode >= 0)
            return _lastCode;
        var slot = Find(value);
        if (_codes[slot] == 0)
            slot = Add(slot, value);
        _last = value;
        return _lastCode = _codes[slot] - 1;
    }

    /// <summary>The slot that has the number, or the free one where it belongs.</summary>
    private int Find(long value)
    {
        var mask = _keys.Length - 1;
        var slot = (int)(((ulong)value * 0x9E3779B97F4A7C15UL) >> 32) & mask;
        while (_codes[slot] != 0 && _keys[slot] != value)
            slot = (slot + 1) & mask;
        return slot;
    }

    private int Add(int slot, long value)
    {
        if (Values.Count * 2 >= _keys.Length)
        {
            Grow();
            slot = Find(value);
        }

        _keys[slot] = value;
        _codes[slot] = Values.Append(value) + 1;
        return slot;
    }

    private void Grow()
    {
        (_keys, _codes) = (new long[_keys.Length * 2], new int[_codes.Length * 2]);
        var values = Values.Values;
        for (var code = 0; code < values.Length; code++)
        {
            var slot = Find(values[code]);
            (_keys[slot], _codes[slot]) = (values[code], code + 1);
        }
    }
}
