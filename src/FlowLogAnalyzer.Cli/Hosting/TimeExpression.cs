using System.Globalization;

namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>
/// Points in time as people write them, always UTC: <c>7d</c> and <c>T-7d</c> (that long ago; m, h, d, w), <c>now</c>,
/// <c>2026-11-20</c> (its midnight), <c>2026-W48</c> (Monday of that ISO week, 00:00), <c>2026-11-20T10:30Z</c>,
/// with an offset if wanted. A time without a zone is UTC.
/// </summary>
internal static class TimeExpression
{
    public const string Forms = "7d or T-7d (m, h, d, w), now, 2026-11-20, 2026-W48 or 2026-11-20T10:30Z, all UTC";

    public static bool TryParse(string text, DateTime now, out DateTime time)
    {
        text = text.Trim();
        time = now;
        return text is "now" || TryAgo(text, now, out time) || TryWeek(text, out time) || TryIso(text, out time);
    }

    private static bool TryAgo(string text, DateTime now, out DateTime time)
    {
        time = default;
        var span = text.AsSpan(text.StartsWith("T-", StringComparison.OrdinalIgnoreCase) ? 2 : 0);
        if (span.Length < 2 || !int.TryParse(span[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;

        long minutes = span[^1] switch { 'm' => 1, 'h' => 60, 'd' => 24 * 60, 'w' => 7 * 24 * 60, _ => 0 };
        if (minutes == 0 || minutes * count > (now - DateTime.UnixEpoch).TotalMinutes)
            return false;

        time = now.AddMinutes(-(double)(minutes * count));
        return true;
    }

    private static bool TryWeek(string text, out DateTime time)
    {
        time = default;
        if (text.Length != 8 || text[4..6] is not ("-W" or "-w") || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, null, out var year)
            || !int.TryParse(text.AsSpan(6), NumberStyles.None, null, out var week) || year < 1970 || week < 1 || week > ISOWeek.GetWeeksInYear(year))
            return false;

        time = DateTime.SpecifyKind(ISOWeek.ToDateTime(year, week, DayOfWeek.Monday), DateTimeKind.Utc);
        return true;
    }

    private static bool TryIso(string text, out DateTime time) =>
        DateTime.TryParseExact(text, IsoForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static readonly string[] IsoForms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK",
    ];
}
