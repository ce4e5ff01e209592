namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>
/// The order of texts by their UTF-8 bytes, in which engines compare. It differs from the order of UTF-16 units only where
/// a surrogate meets a character from U+E000 on.
/// </summary>
internal static class Utf8Order
{
    public static int Compare(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        var same = a.AsSpan(0, length).CommonPrefixLength(b);
        if (same == length)
            return a.Length.CompareTo(b.Length);

        var (x, y) = (a[same], b[same]);
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x.CompareTo(y) : char.IsSurrogate(x) && y < 0xD800 ? 1 : char.IsSurrogate(y) && x < 0xD800 ? -1 : char.IsSurrogate(x) ? 1 : -1;
    }
}
