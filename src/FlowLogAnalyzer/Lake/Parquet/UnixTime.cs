namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>Unix milliseconds to and from the types of Parquet.Net; what lies outside years 1 to 9999 is moved to the nearest end.</summary>
internal static class UnixTime
{
    public const long MsPerDay = 24 * 60 * 60 * 1000L;
    private const long MinMs = -62_135_596_800_000;
    private const long MaxMs = 253_402_300_799_999;

    public static DateTime ToDateTime(long ms) => new(DateTime.UnixEpoch.Ticks + (Clamp(ms) * TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);

    public static long ToMs(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    public static long Clamp(long ms) => Math.Clamp(ms, MinMs, MaxMs);

    public static int ToDay(long ms) => (int)Math.DivRem(Clamp(ms) - MinMs, MsPerDay).Quotient - (int)(-MinMs / MsPerDay);

    public static DateTime DayToDateTime(int day) => DateTime.UnixEpoch.AddDays(day);

    /// <summary>The day as <c>yyyy-MM-dd</c>.</summary>
    public static string DayText(int day) => DayToDateTime(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
