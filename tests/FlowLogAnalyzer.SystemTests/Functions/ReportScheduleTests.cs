using FlowLogAnalyzer.Functions.Handlers;
using FlowLogAnalyzer.Functions.Hosting;
using FlowLogAnalyzer.Reports;
using FlowLogAnalyzer.Tests.Docs;

namespace FlowLogAnalyzer.Tests.Functions;

public class ReportScheduleTests
{
    [Theory]
    [InlineData("Etc/UTC", 6, "2026-11-23T05:59Z", 46)]
    [InlineData("Etc/UTC", 6, "2026-11-23T06:00Z", 47)]
    [InlineData("Europe/Berlin", 6, "2026-11-23T04:59Z", 46)]
    [InlineData("Europe/Berlin", 6, "2026-11-23T05:00Z", 47)]
    [InlineData("America/New_York", 6, "2026-11-23T10:59Z", 46)]
    [InlineData("America/New_York", 6, "2026-11-23T11:00Z", 47)]
    [InlineData("Asia/Tokyo", 6, "2026-11-22T23:59Z", 46)]
    [InlineData("Asia/Tokyo", 6, "2026-11-23T00:00Z", 47)]
    [InlineData("Etc/UTC", 6, "2026-11-29T23:59Z", 47)]
    public void A_report_is_due_on_the_readers_Monday_once_its_week_is_over(string zone, int hour, string now, int week)
    {
        var schedule = new ReportSchedule(TimeZoneInfo.FindSystemTimeZoneById(zone), hour);

        Assert.Equal(new IsoWeek(2026, week), schedule.LastDue(DateTimeOffset.Parse(now).UtcDateTime));
    }

    [Fact]
    public void An_hour_that_the_clocks_jump_over_is_made_up_for()
    {
        // Real zones change on Sundays.
        var jump = TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 6, 0, 0), 11, 23);
        var back = TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 6, 0, 0), 12, 23);
        var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1), jump, back);
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.Zero, "test", "test", "test", [rule]);

        Assert.Equal(new IsoWeek(2026, 47), new ReportSchedule(zone, 6).LastDue(new DateTime(2026, 11, 23, 6, 0, 0, DateTimeKind.Utc)));
    }

    [Fact]
    public void The_zone_is_a_setting_and_one_that_does_not_exist_is_named()
    {
        HandlerSettings Read(string zone) => HandlerSettings.Read(
            name => name switch { "FLOWLOG_LAKE" => "/lake", "FLOWLOG_SOURCES" => "/logs", "FLOWLOG_TIME_ZONE" => zone, _ => null }, RepositoryFiles.Read("host.json"));

        Assert.Equal("Europe/Berlin", Read("Europe/Berlin").ReportSchedule.Zone.Id);
        Assert.Contains("FLOWLOG_TIME_ZONE is 'Europe/Nowhere'", Assert.Throws<InvalidDataException>(() => Read("Europe/Nowhere")).Message, StringComparison.Ordinal);
    }
}
