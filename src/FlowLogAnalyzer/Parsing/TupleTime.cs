using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>Times of tuples: NSG logs write seconds, VNet logs milliseconds, and both units occur in the other log.</summary>
internal static class TupleTime
{
    /// <summary>Smaller numbers are seconds (10^11 s is the year 5138), others milliseconds (10^11 ms is 1973).</summary>
    public const long FirstMillisecond = 100_000_000_000;

    /// <summary>0001-01-01T00:00:00Z.</summary>
    public const long First = -62_135_596_800_000;

    /// <summary>9999-12-31T23:59:59.999Z.</summary>
    public const long Last = 253_402_300_799_999;

    public static bool TryParse(ReadOnlySpan<byte> text, bool isVnet, out long unixMs, ref QualityFlags flags)
    {
        var isNegative = !text.IsEmpty && text[0] == '-';
        if (!NumberText.TryParse(isNegative ? text[1..] : text, out unixMs))
            return false;

        var isSeconds = unixMs < FirstMillisecond;
        if (isSeconds)
            unixMs *= 1000;
        if (isNegative)
            unixMs = -unixMs;
        if (isSeconds == isVnet && unixMs != 0)
            flags |= QualityFlags.TimeUnit;
        return unixMs is >= First and <= Last;
    }
}
