namespace FlowLogAnalyzer.Parsing;

/// <summary>
/// The <c>time</c> of a record: ISO 8601 with any number of fractional digits, cut to milliseconds. Azure writes seven
/// digits and <c>Z</c>; other tools rewrite it with an offset or with no zone at all, which is read as UTC.
/// </summary>
internal static class RecordTime
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long unixMs, out bool hasZone)
    {
        unixMs = 0;
        hasZone = false;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':'
            || text[10] is not ((byte)'T' or (byte)'t' or (byte)' '))
            return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second))
            return false;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        if (!TryFraction(text[19..], out var milliseconds, out var zone) || !TryZone(zone, out hasZone, out var offsetMinutes))
            return false;

        var seconds = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).ToUnixTimeSeconds();
        unixMs = ((seconds - (offsetMinutes * 60L)) * 1000) + milliseconds;
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, out int milliseconds, out ReadOnlySpan<byte> rest)
    {
        milliseconds = 0;
        rest = text;
        if (text.IsEmpty || text[0] is not ((byte)'.' or (byte)','))
            return true;

        var end = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = end < 0 ? text[1..] : text[1..(end + 1)];
        rest = text[(digits.Length + 1)..];
        for (var i = 0; i < 3; i++)
            milliseconds = (milliseconds * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        return !digits.IsEmpty;
    }

    private static bool TryZone(ReadOnlySpan<byte> text, out bool hasZone, out int minutes)
    {
        minutes = 0;
        hasZone = !text.IsEmpty;
        if (text.IsEmpty || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z'))
            return true;
        if (text[0] is not ((byte)'+' or (byte)'-'))
            return false;

        var sign = text[0] == '-' ? -1 : 1;
        var minutePart = text.Length switch
        {
            3 => "00"u8,
            5 => text[3..],
            6 when text[3] == ':' => text[4..],
            _ => [],
        };
        if (!TryDigits(text.Slice(1, Math.Min(2, text.Length - 1)), out var hour) || !TryDigits(minutePart, out var minute) || hour > 14 || minute > 59)
            return false;
        minutes = sign * ((hour * 60) + minute);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        var ok = NumberText.TryParse(text, out var number);
        value = (int)number;
        return ok;
    }
}
