namespace FlowLogAnalyzer.Parsing;

/// <summary>A text that is too long to be kept: only its end is looked for, over as many pieces as it takes.</summary>
internal sealed class LongText
{
    private bool _isEscape;

    public void Begin() => _isEscape = false;

    /// <summary>False when the text goes on behind the data.</summary>
    public bool TryEnd(ReadOnlySpan<byte> data, out int consumed)
    {
        for (consumed = 0; consumed < data.Length; consumed++)
        {
            var c = data[consumed];
            if (_isEscape)
            {
                _isEscape = false;
            }
            else if (c == '\\')
            {
                _isEscape = true;
            }
            else if (c == '"')
            {
                consumed++;
                return true;
            }
        }

        return false;
    }
}
