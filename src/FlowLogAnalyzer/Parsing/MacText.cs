namespace FlowLogAnalyzer.Parsing;

/// <summary>MAC addresses: with or without separators in, 12 upper-case hex digits out.</summary>
internal static class MacText
{
    public static bool TryNormalize(ReadOnlySpan<byte> text, Span<byte> mac)
    {
        var count = 0;
        foreach (var c in text)
        {
            if (c is (byte)'-' or (byte)':' or (byte)'.')
                continue;
            if (count == 12 || !char.IsAsciiHexDigit((char)c))
                return false;
            mac[count++] = (byte)char.ToUpperInvariant((char)c);
        }

        return count == 12;
    }
}
