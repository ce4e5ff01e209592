using FlowLogAnalyzer.Reports;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>
/// When the report of a week is due: Monday at an hour of a time zone, which plans without WEBSITE_TIME_ZONE cannot say in
/// a schedule (Azure docs, functions-bindings-timer). So the timer asks often, and a Monday that was missed is made good.
/// </summary>
/// <param name="Zone">Where the readers are.</param>
/// <param name="Hour">Of their Monday, 0 to 23.</param>
internal sealed record ReportSchedule(TimeZoneInfo Zone, int Hour)
{
    /// <summary>The last week whose report is due. Weeks are UTC: east of Greenwich one may end after the readers' Monday has begun.</summary>
    public IsoWeek LastDue(DateTime nowUtc)
    {
        var week = IsoWeek.LastComplete(nowUtc);
        return nowUtc >= Due(week) ? week : week.Previous;
    }

    private DateTime Due(IsoWeek week)
    {
        var local = DateTime.SpecifyKind(week.End.Date.AddHours(Hour), DateTimeKind.Unspecified);
        while (Zone.IsInvalidTime(local))
            local = local.AddMinutes(15); // the clocks jump over it
        var utc = TimeZoneInfo.ConvertTimeToUtc(local, Zone);
        return utc > week.End ? utc : week.End;
    }
}
