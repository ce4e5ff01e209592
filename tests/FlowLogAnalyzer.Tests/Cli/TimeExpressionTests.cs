using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Tests.Cli;

public class TimeExpressionTests
{
    private static readonly DateTime Now = new(2026, 11, 23, 10, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("now", "2026-11-23T10:00:00Z")]
    [InlineData("90m", "2026-11-23T08:30:00Z")]
    [InlineData("24h", "2026-11-22T10:00:00Z")]
    [InlineData("7d", "2026-11-16T10:00:00Z")]
    [InlineData("T-7d", "2026-11-16T10:00:00Z")]
    [InlineData("2w", "2026-11-09T10:00:00Z")]
    [InlineData("2026-11-20", "2026-11-20T00:00:00Z")]
    [InlineData("2026-W48", "2026-11-23T00:00:00Z")]
    [InlineData("2026-W53", "2026-12-28T00:00:00Z")]
    [InlineData("2026-11-20T10:30Z", "2026-11-20T10:30:00Z")]
    [InlineData("2026-11-20T10:30", "2026-11-20T10:30:00Z")]
    [InlineData("2026-11-20T10:30:15.250+02:00", "2026-11-20T08:30:15.2500000Z")]
    public void Understands_what_people_write(string text, string expected)
    {
        Assert.True(TimeExpression.TryParse(text, Now, out var time));
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), time);
        Assert.Equal(DateTimeKind.Utc, time.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("yesterday")]
    [InlineData("7y")]
    [InlineData("-7d")]
    [InlineData("2025-W53")]
    [InlineData("2026-W00")]
    [InlineData("20/11/2026")]
    [InlineData("2026-11-31")]
    [InlineData("999999999d")]
    public void Refuses_what_it_would_have_to_guess(string text)
    {
        Assert.False(TimeExpression.TryParse(text, Now, out _));
    }
}
