namespace FlowLogAnalyzer.Flows;

/// <summary>Texts that single rows of a batch have, numbered from 1: mostly none at all, or the same one in every row. 0 is no text.</summary>
public sealed class TextTable
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly List<string?> _texts = [null];

    /// <summary>One more than there are texts: the codes are below it.</summary>
    public int Count => _texts.Count;

    public string? this[int code] => _texts[code];

    public int Code(string? text)
    {
        if (text is null)
            return 0;
        // Mostly it is the one that came last.
        if (ReferenceEquals(text, _texts[^1]))
            return _texts.Count - 1;
        if (_codes.TryGetValue(text, out var code))
            return code;
        _codes.Add(text, _texts.Count);
        _texts.Add(text);
        return _texts.Count - 1;
    }

    public void Clear()
    {
        if (_texts.Count == 1)
            return;
        _codes.Clear();
        _texts.RemoveRange(1, _texts.Count - 1);
    }
}
