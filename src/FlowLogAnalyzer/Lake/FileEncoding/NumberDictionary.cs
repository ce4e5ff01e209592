namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>Gives numbers their codes.</summary>
internal sealed class NumberDictionary(PhysicalType type)
{
    private readonly Dictionary<long, int> _codes = [];
    private long _last;
    private int _lastCode = -1;

    public NumberValues Values { get; } = new(type);

    public void Clear()
    {
        _codes.Clear();
        Values.Clear();
        _lastCode = -1;
    }

    public int Code(long value)
    {
        if (value == _last && _lastCode >= 0)
            return _lastCode;
        if (!_codes.TryGetValue(value, out var code))
        {
            code = Values.Append(value);
            _codes.Add(value, code);
        }

        _last = value;
        return _lastCode = code;
    }
}
