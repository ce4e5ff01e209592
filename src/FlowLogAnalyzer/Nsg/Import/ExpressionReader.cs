using System.Globalization;

namespace FlowLogAnalyzer.Nsg.Import;

/// <summary>Takes a template expression apart from left to right.</summary>
internal ref struct ExpressionReader(string text)
{
    private int _at;

    public bool AtEnd
    {
        get
        {
            SkipSpace();
            return _at >= text.Length;
        }
    }

    /// <summary>'text', where two quotes stand for one.</summary>
    public bool TryLiteral(out string value)
    {
        value = "";
        SkipSpace();
        if (_at >= text.Length || text[_at] != '\'')
            return false;

        var end = _at + 1;
        while (end < text.Length && (text[end] != '\'' || (end + 1 < text.Length && text[end + 1] == '\'')))
            end += text[end] == '\'' ? 2 : 1;
        if (end >= text.Length)
            return false;

        value = text[(_at + 1)..end].Replace("''", "'", StringComparison.Ordinal);
        _at = end + 1;
        return true;
    }

    public bool TryNumber(out long value)
    {
        SkipSpace();
        var end = _at < text.Length && text[_at] == '-' ? _at + 1 : _at;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        if (!long.TryParse(text.AsSpan(_at, end - _at), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            return false;

        _at = end;
        return true;
    }

    /// <summary>A name with its opening bracket.</summary>
    public bool TryCall(out string name)
    {
        SkipSpace();
        var end = _at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '.'))
            end++;
        name = text[_at..end];
        if (name.Length == 0 || end >= text.Length || text[end] != '(')
            return false;

        _at = end + 1;
        return true;
    }

    public bool TryClose() => TryTake(')');

    /// <summary>A dot and a name.</summary>
    public bool TryMember(out string name)
    {
        name = "";
        if (!TryTake('.'))
            return false;

        var end = _at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            end++;
        name = text[_at..end];
        _at = end;
        return name.Length > 0;
    }

    public bool TryOpenIndex() => TryTake('[');

    public bool TryCloseIndex() => TryTake(']');

    public void SkipComma()
    {
        SkipSpace();
        if (_at < text.Length && text[_at] == ',')
            _at++;
    }

    private bool TryTake(char wanted)
    {
        SkipSpace();
        if (_at >= text.Length || text[_at] != wanted)
            return false;

        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }
}
