using System.Reflection;
using System.Text;
using FlowLogAnalyzer.Functions.Protocol;
using FlowLogAnalyzer.Reports;
using FlowLogAnalyzer.Reports.Delivery;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>The weekly report, in the lake's folder reports/.</summary>
internal static class ReportFunctions
{
    public static async Task<InvocationAnswer> WriteAsync(Services services, Invocation invocation, CancellationToken ct)
    {
        var week = services.Settings.ReportSchedule.LastDue(services.Time.GetUtcNow().UtcDateTime);
        if (await services.Lake.Store.ReadAllAsync(PathOf($"{week}.html"), ct) is not null)
            return InvocationAnswer.Fine($"The report of {week} is written.");

        var report = await BuildAsync(services, week, ct);
        if (report.Check.NothingLookedAt is { } nothing && !services.Settings.AllowEmpty)
            return await FailAsync(services, report, nothing, ct);

        foreach (var file in report.Files.Except([report.Html]))
            await services.Lake.Store.PutAsync(PathOf(file.Name), file.Content, ct);
        // The page comes last, since it says that all is done: killed before, the channel is told twice, never not at all.
        var told = await TellAsync(services, report, ct);
        await services.Lake.Store.PutAsync(PathOf(report.Html.Name), report.Html.Content, ct);
        return InvocationAnswer.Fine([$"Wrote reports/{report.Markdown.Name} and {report.Files.Count - 1} files beside it.", .. told]);
    }

    /// <summary>
    /// Nothing to report on is not a report: the invocation fails, the channel is told once, and the next one tries again,
    /// since logs and inventory may come late.
    /// </summary>
    private static async Task<InvocationAnswer> FailAsync(Services services, WeeklyReport report, string nothing, CancellationToken ct)
    {
        var mark = PathOf($"{report.Week}.empty");
        var told = await services.Lake.Store.ReadAllAsync(mark, ct) is null ? await TellAsync(services, report, ct) : [];
        await services.Lake.Store.PutAsync(mark, Encoding.UTF8.GetBytes(nothing), ct);
        return InvocationAnswer.Failed(StatusCodes.Status500InternalServerError, string.Join(' ', told.Prepend($"No report of {report.Week}: {nothing}")));
    }

    /// <summary>That a channel does not take the summary is said, and is no reason to write the report again.</summary>
    private static async Task<IReadOnlyList<string>> TellAsync(Services services, WeeklyReport report, CancellationToken ct)
    {
        if (services.Settings.Webhook is not { } hook)
            return [];

        try
        {
            ReportSummary.TryLink(services.Settings.ReportLink ?? "", report.Week, out var link);
            await new Webhook(services.Time).SendAsync(hook, report.Summary, link, ct);
            return [$"Told {hook}."];
        }
        catch (WebhookException e)
        {
            return [e.Message];
        }
    }

    /// <summary><c>GET /api/report?week=2026-W48&amp;format=html|md</c>: the page, or the Markdown.</summary>
    public static async Task ReadAsync(Services services, HttpContext context, CancellationToken ct)
    {
        var (week, format) = (context.Request.Query["week"].ToString(), context.Request.Query["format"].ToString());
        var wanted = week.Length == 0 ? IsoWeek.LastComplete(services.Time.GetUtcNow().UtcDateTime) : IsoWeek.TryParse(week, out var read) ? read : (IsoWeek?)null;
        if (wanted is null || format is not ("" or "html" or "md"))
        {
            await HttpText.WriteAsync(context, StatusCodes.Status400BadRequest, "text/plain", "Expected is ?week=2026-W48&format=html or md."u8.ToArray());
            return;
        }

        var extension = format == "md" ? "md" : "html";
        var content = await services.Lake.Store.ReadAllAsync(PathOf($"{wanted}.{extension}"), ct);
        var status = StatusCodes.Status200OK;
        if (content is null)
        {
            var report = await BuildAsync(services, wanted.Value, ct);
            content = (extension == "md" ? report.Markdown : report.Html).Content;
            if (report.Check.NothingLookedAt is not null && !services.Settings.AllowEmpty)
                status = StatusCodes.Status404NotFound; // the page says why
        }

        await HttpText.WriteAsync(context, status, extension == "md" ? "text/markdown; charset=utf-8" : "text/html; charset=utf-8", content);
    }

    private static string PathOf(string name) => $"reports/{name}";

    private static async Task<WeeklyReport> BuildAsync(Services services, IsoWeek week, CancellationToken ct)
    {
        await services.Engine.WaitAsync(ct);
        try
        {
            var version = typeof(ReportFunctions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
            return await WeeklyReport.BuildAsync(await services.LoadLakeAsync(ct), new ReportRequest(week, week.ToString(), version), ct);
        }
        finally
        {
            services.Engine.Release();
        }
    }
}
