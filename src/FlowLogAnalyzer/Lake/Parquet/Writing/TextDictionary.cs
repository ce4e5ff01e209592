using System.Text;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Gives texts their codes. The last text is remembered: neighbours mostly share it, and comparing beats hashing.</summary>
internal sealed class TextDictionary
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private string? _last;
    private int _lastCode;

    public TextValues Values { get; } = new();

    public void Clear()
    {
        _codes.Clear();
        Values.Clear();
        _last = null;
    }

    /// <summary>The text's code, or -1 for null.</summary>
    public int Code(string? text)
    {
        if (ReferenceEquals(text, _last) && text is not null)
            return _lastCode;
        if (text is null)
            return -1;
        if (text != _last)
            _lastCode = Find(text);
        _last = text;
        return _lastCode;
    }

    private int Find(string text)
    {
        if (_codes.TryGetValue(text, out var code))
            return code;
        var target = Values.Begin(Encoding.UTF8.GetMaxByteCount(text.Length));
        code = Values.End(Encoding.UTF8.GetBytes(text, target));
        _codes.Add(text, code);
        return code;
    }
}
