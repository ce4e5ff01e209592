using System.Text.Json;

namespace FlowLogAnalyzer.Parsing;

/// <summary>The bytes that a JSON string stands for; copied only when it has escapes.</summary>
internal sealed class TextUnescaper
{
    private byte[] _scratch = [];

    /// <summary>False for half a surrogate pair, which is no text. The text is good until the next call.</summary>
    public bool TryGet(ref Utf8JsonReader reader, out ReadOnlySpan<byte> text)
    {
        text = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
            return true;
        if (_scratch.Length < text.Length)
            _scratch = new byte[text.Length];
        try
        {
            text = _scratch.AsSpan(0, reader.CopyString(_scratch));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
