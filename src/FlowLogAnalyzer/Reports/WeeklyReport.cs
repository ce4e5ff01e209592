using System.Text;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Reports.Sections;

namespace FlowLogAnalyzer.Reports;

/// <summary>A file of a report; its name has no folder.</summary>
public sealed record ReportFile(string Name, string MediaType, byte[] Content);

/// <summary>What to report on.</summary>
/// <param name="Week">The week.</param>
/// <param name="FileStem">What the names of the report's files begin with, such as <c>2026-W48</c>.</param>
/// <param name="ToolVersion">Written into the report.</param>
public sealed record ReportRequest(IsoWeek Week, string FileStem, string ToolVersion);

/// <summary>The weekly report: Markdown first, then the pictures it shows, then the same as one page of HTML.</summary>
public sealed record WeeklyReport(IsoWeek Week, IReadOnlyList<ReportFile> Files)
{
    public ReportFile Markdown => Files[0];

    public required ReportSummary Summary { get; init; }

    /// <summary>What `flowlog check` over the week finds.</summary>
    public required CheckResult Check { get; init; }

    /// <summary>The page that needs no other file.</summary>
    public ReportFile Html => Files[^1];

    /// <summary>Reads the week and the week before. The same lake gives the same bytes.</summary>
    /// <exception cref="IOException">A file of the lake cannot be had.</exception>
    public static async ValueTask<WeeklyReport> BuildAsync(LakeWindows lake, ReportRequest request, CancellationToken ct = default)
    {
        var before = await FactsAsync(lake, request.Week.Previous, ct);
        var now = await FactsAsync(lake, request.Week, ct);
        var charts = new ReportCharts(request.FileStem);
        var (difference, grade) = (new WeekDifference(now, before), ReportCoverage.Of(now.Coverage, now.LookedAt.OldInventory));
        var severities = now.Check.Findings.CountBy(f => f.Severity).OrderByDescending(s => s.Key).Select(s => (s.Key, s.Value));
        var summary = new ReportSummary(request.Week, new ChangeSentences(difference, grade).All, [.. severities]);
        var markdown = Text(difference, grade, summary, charts, request);
        return new WeeklyReport(request.Week,
        [
            new ReportFile($"{request.FileStem}.md", "text/markdown", Encoding.UTF8.GetBytes(markdown)),
            .. charts.Files,
            new ReportFile($"{request.FileStem}.html", "text/html", ReportHtml.Of($"Flow logs, week {request.Week}", markdown, charts.Files)),
        ])
        {
            Summary = summary,
            Check = now.Whole,
        };
    }

    private static async ValueTask<WeekFacts> FactsAsync(LakeWindows lake, IsoWeek week, CancellationToken ct)
    {
        using var window = await lake.WindowAsync(week.Start, week.End, ct);
        return WeekFacts.Of(window, week, ct);
    }

    private static string Text(WeekDifference difference, ReportCoverage grade, ReportSummary summary, ReportCharts charts, ReportRequest request)
    {
        var (week, facts) = (request.Week, difference.Week);
        return $"""
            ---
            title: "Flow logs, week {week}"
            week: "{week}"
            from: "{week.Start:yyyy-MM-dd'T'HH:mm:ss'Z'}"
            until: "{week.End:yyyy-MM-dd'T'HH:mm:ss'Z'}"
            tool: "flowlog {request.ToolVersion}"
            ---

            # Flow logs, week {week}

            Monday {week.Start:yyyy-MM-dd} to Sunday {week.End.AddDays(-1):yyyy-MM-dd}, UTC.

            {SummarySection.Of(difference, grade, summary)}
            ## Findings

            {FindingsSection.Of(difference)}
            ## Failing requests per service and client

            {FailureSection.Of(facts, charts)}
            ## Probe health per node

            {ProbeSection.Of(facts, charts)}
            ## Refused connections by rule, role and service

            {DeniedSection.Of(facts)}
            ## Lateral movement and new pairs

            {SidewaysSection.Of(difference)}
            ## NSG hygiene

            {PlainSections.Hygiene(facts)}
            ## Top talkers

            {PlainSections.Talkers(facts)}
            ## Coverage

            {PlainSections.Coverage(facts, grade)}
            ## What was not looked at

            {PlainSections.NotLookedAt(facts)}
            Commands take the lake from the variable FLOWLOG_LAKE, or ./lake.

            """.ReplaceLineEndings("\n");
    }
}
