using FlowLogAnalyzer.Reports;

namespace FlowLogAnalyzer.Tests.Reports;

public class IsoWeekTests
{
    [Theory]
    [InlineData("2026-W48", "2026-11-23", "2026-11-30")]
    [InlineData("2026-W01", "2025-12-29", "2026-01-05")]
    [InlineData("2020-w53", "2020-12-28", "2021-01-04")]
    public void A_week_goes_from_monday_to_monday(string text, string start, string end)
    {
        Assert.True(IsoWeek.TryParse(text, out var week));

        Assert.Equal(start, week.Start.ToString("yyyy-MM-dd"));
        Assert.Equal(end, week.End.ToString("yyyy-MM-dd"));
        Assert.Equal(DateTimeKind.Utc, week.Start.Kind);
        Assert.Equal(text.ToUpperInvariant(), week.ToString());
        Assert.Equal(week, week.Next.Previous);
        Assert.Equal(week.End, week.Next.Start);
    }

    [Theory]
    [InlineData("2026-W00")]
    [InlineData("2026-W54")]
    [InlineData("2025-W53")]
    [InlineData("2026-48")]
    [InlineData("2026-W4")]
    [InlineData("2026-W 8")]
    [InlineData("-026-W08")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_week_is_refused(string? text)
    {
        Assert.False(IsoWeek.TryParse(text, out _));
    }

    [Fact]
    public void The_last_complete_week_is_the_one_before_even_on_a_sunday_night()
    {
        Assert.Equal("2026-W47", IsoWeek.LastComplete(new DateTime(2026, 11, 29, 23, 59, 59, DateTimeKind.Utc)).ToString());
        Assert.Equal("2026-W48", IsoWeek.LastComplete(new DateTime(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc)).ToString());
        Assert.Equal("2026-W53", IsoWeek.LastComplete(new DateTime(2027, 1, 4, 0, 0, 0, DateTimeKind.Utc)).ToString());
    }
}
