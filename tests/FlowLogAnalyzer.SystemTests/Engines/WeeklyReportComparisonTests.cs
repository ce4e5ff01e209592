using System.Text;
using FlowLogAnalyzer.Reports;
using FlowLogAnalyzer.Tests.Reports;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Engines;

/// <summary>The weekly report of the lab, its pictures and its page included, from both engines: the same bytes.</summary>
[Collection(nameof(ReportLake))]
public class WeeklyReportComparisonTests(ReportLake lake)
{
    [Fact]
    public async Task The_report_is_the_same()
    {
        var windows = await lake.OpenAsync(TestEngine.Apply);
        await BothEngines.AnswerAlikeAsync("weekly report", () =>
        {
            var report = WeeklyReport.BuildAsync(windows, ReportLake.Request(ReportLake.Story), TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();
            return string.Join('\n', report.Files.Select(file => $"{file.Name}\n{Encoding.UTF8.GetString(file.Content)}"));
        });
    }
}
