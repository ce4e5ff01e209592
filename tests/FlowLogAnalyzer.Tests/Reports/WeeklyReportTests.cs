using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FlowLogAnalyzer.Reports;
using FlowLogAnalyzer.Tests.Docs;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Reports;

[Collection(nameof(ReportLake))]
public class WeeklyReportTests(ReportLake lake)
{
    [Fact]
    public void The_sample_report_is_what_the_code_writes()
    {
        var report = lake.Report;

        foreach (var file in report.Files)
            RepositoryFiles.AssertGenerated($"docs/sample-report/{file.Name}", Encoding.UTF8.GetString(file.Content));
    }

    [Fact]
    public async Task Another_lake_of_the_same_logs_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var folders = ReportLake.WriteLogs(folder["logs"]);
        foreach (var one in folders.Reverse())
            await ReportLake.FillAsync(folder["lake"], one);
        await ReportLake.FillAsync(folder["lake"], folders);

        var here = lake.Report;
        var there = await WeeklyReport.BuildAsync(
            await Analysis.LakeWindowsOf(folder["lake"]), ReportLake.Request(ReportLake.Story), TestContext.Current.CancellationToken);

        Assert.Equal(here.Files.Select(f => f.Name), there.Files.Select(f => f.Name));
        Assert.All(here.Files.Zip(there.Files), pair => Assert.Equal(Encoding.UTF8.GetString(pair.First.Content), Encoding.UTF8.GetString(pair.Second.Content)));
    }

    [Fact]
    public void What_changed_is_said_in_five_sentences()
    {
        var text = Text(lake.Report);

        var section = text.Split("## What changed since last week\n")[1].Split("\n## ")[0];
        var sentences = section.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, sentences.Length);
        Assert.All(sentences, (s, i) => Assert.Matches($@"^{i + 1}\. [A-Z].*\.$", s));
        Assert.Contains("10.10.4.4", sentences[2], StringComparison.Ordinal);
        Assert.Contains("new", sentences[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_numbers_of_the_first_screen_are_those_of_the_lake()
    {
        using var database = await (await lake.OpenAsync()).OpenAsync(ReportLake.Story.Start, ReportLake.Story.End);
        using var rows = database.Query("select count(*) from tuples where decision = 'Deny'");
        var refused = (long)rows.Read().Single()[0]!;

        var text = Text(lake.Report);

        Assert.True(refused > 1000);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| Connections refused | {refused:#,##0} | 0 |"), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_new_in_the_first_week_and_nothing_is_gone_in_one_without_rows()
    {
        using var folder = new TemporaryFolder();
        var logs = ReportLake.WriteLogs(folder["logs"]);
        await ReportLake.FillAsync(folder["lake"], logs[1]);
        var windows = await Analysis.LakeWindowsOf(folder["lake"]);

        var first = Encoding.UTF8.GetString((await WeeklyReport.BuildAsync(windows, ReportLake.Request(ReportLake.Story), TestContext.Current.CancellationToken)).Markdown.Content);
        var next = Encoding.UTF8.GetString((await WeeklyReport.BuildAsync(windows, ReportLake.Request(ReportLake.Story.Next), TestContext.Current.CancellationToken)).Markdown.Content);

        Assert.Contains("nothing can be compared", first, StringComparison.Ordinal);
        Assert.DoesNotContain("(new)", first, StringComparison.Ordinal);
        Assert.Contains("so no recorded flow was looked at", next, StringComparison.Ordinal);
        Assert.DoesNotContain("of last week gone", next, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was found.", next, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_have_at_most_ten_rows_and_say_how_to_see_the_rest()
    {
        var text = Text(lake.Report);

        var tables = Regex.Matches(text, @"(^\|.*\n)+", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Select(m => m.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 2).ToList();
        Assert.True(tables.Count >= 8);
        Assert.All(tables, rows => Assert.InRange(rows, 1, 10));
        Assert.Matches(@"\d+ more rows: `flowlog query week_\w+ --since 2026-W47 --until 2026-W48`", text);
    }

    [Fact]
    public void The_html_needs_nothing_else()
    {
        var report = lake.Report;
        var html = Encoding.UTF8.GetString(report.Html.Content);

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("mermaid", html, StringComparison.Ordinal);
        Assert.All(Regex.Matches(html, "(src|href)=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(m => m.Groups[2].Value), url => Assert.StartsWith("data:image/svg+xml;base64,", url, StringComparison.Ordinal));
        Assert.Equal(2, Regex.Count(html, "<img [^>]*alt=\"[^\"]{20,}\"", RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.All(report.Files.Where(f => f.MediaType == "image/svg+xml"), f => Assert.Equal("svg", XDocument.Parse(Encoding.UTF8.GetString(f.Content)).Root!.Name.LocalName));
    }

    [Fact]
    public async Task A_week_without_rows_says_so_instead_of_all_is_well()
    {
        var text = Text(await BuildAsync(new IsoWeek(2020, 1)));

        Assert.Contains("**Grade D**", text, StringComparison.Ordinal);
        Assert.Contains("The rows span nothing", text, StringComparison.Ordinal);
        Assert.DoesNotContain("![", text, StringComparison.Ordinal);
    }

    private async Task<WeeklyReport> BuildAsync(IsoWeek week) =>
        await WeeklyReport.BuildAsync(await lake.OpenAsync(), ReportLake.Request(week), TestContext.Current.CancellationToken);

    private static string Text(WeeklyReport report) => Encoding.UTF8.GetString(report.Markdown.Content);

    private static class Analysis
    {
        public static async Task<FlowLogAnalyzer.Query.LakeWindows> LakeWindowsOf(string location) =>
            await FlowLogAnalyzer.Query.LakeWindows.LoadAsync(await FlowLogAnalyzer.Lake.FlowLake.OpenAsync(location));
    }
}
