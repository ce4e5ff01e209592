namespace FlowLogAnalyzer.Parsing;

/// <summary>Encodings by their first bytes (Unicode standard, section 23.8).</summary>
internal static class ByteOrderMark
{
    public static string? FindForeign(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]))
            return "UTF-32 (little-endian, FF FE 00 00)";
        if (data.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            return "UTF-32 (big-endian, 00 00 FE FF)";
        if (data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return "UTF-16 (little-endian, FF FE)";
        return data.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? "UTF-16 (big-endian, FE FF)" : null;
    }

    public static int SkipUtf8(ReadOnlySpan<byte> data) => data.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;

    /// <summary>The first bytes as a person can read them.</summary>
    public static string Show(ReadOnlySpan<byte> data)
    {
        var some = data[..Math.Min(8, data.Length)];
        return some.ContainsAnyExceptInRange((byte)32, (byte)126)
            ? $"the bytes {BitConverter.ToString(some.ToArray()).Replace('-', ' ')}"
            : $"the text '{System.Text.Encoding.ASCII.GetString(some)}'";
    }
}
