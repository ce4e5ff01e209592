using System.Globalization;
using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Reports;

/// <summary>A week of ISO 8601, Monday 00:00 to the next Monday 00:00, UTC; written <c>2026-W48</c>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct IsoWeek(int Year, int Number)
{
    /// <summary>UTC.</summary>
    public DateTime Start => DateTime.SpecifyKind(ISOWeek.ToDateTime(Year, Number, DayOfWeek.Monday), DateTimeKind.Utc);

    /// <summary>The first instant of the next week, UTC.</summary>
    public DateTime End => Start.AddDays(7);

    public IsoWeek Previous => Of(Start.AddDays(-7));

    public IsoWeek Next => Of(End);

    /// <summary>The week that an instant is in (UTC). Days at a year's turn belong to the year of their Thursday.</summary>
    public static IsoWeek Of(DateTime utc) => new(ISOWeek.GetYear(utc), ISOWeek.GetWeekOfYear(utc));

    /// <summary>The last week that is over.</summary>
    public static IsoWeek LastComplete(DateTime nowUtc) => Of(nowUtc).Previous;

    /// <summary>Reads <c>2026-W48</c>; false when it is written otherwise or the year has no such week.</summary>
    public static bool TryParse(string? text, out IsoWeek week)
    {
        week = default;
        if (text is not { Length: 8 } || text[4..6] is not ("-W" or "-w")
            || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || year is < 1970 or > 9998 || number < 1 || number > ISOWeek.GetWeeksInYear(year))
            return false;

        week = new IsoWeek(year, number);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-W{Number:00}");
}
