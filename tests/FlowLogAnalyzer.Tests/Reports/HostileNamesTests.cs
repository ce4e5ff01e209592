using System.Text;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Reports;
using FlowLogAnalyzer.Tests.Support;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FlowLogAnalyzer.Tests.Reports;

/// <summary>Rules and machines are named by whoever makes them; a name may do nothing but be read.</summary>
public class HostileNamesTests
{
    private const string Rule = "|<script>alert(1)</script> `x` \"] --> B [y](http://evil.example) \u202e\u0007 **b** <img src=q onerror=z>";
    private const string Client = "vm|<b>\"]; click n0 call alert() \\";

    private static readonly Lazy<Task<WeeklyReport>> Hostile = new(HostileReportAsync);

    [Fact]
    public async Task A_rule_named_like_markup_stays_text_everywhere()
    {
        var report = await Hostile.Value;
        var text = Encoding.UTF8.GetString(report.Markdown.Content);

        var document = Markdown.Parse(text, new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePipeTables().UseAutoLinks().Build());
        Assert.Contains("alert(1)", text, StringComparison.Ordinal);
        Assert.Empty(document.Descendants<HtmlBlock>());
        Assert.Empty(document.Descendants<HtmlInline>());
        Assert.DoesNotContain(document.Descendants<LinkInline>(), link => !link.IsImage);
        Assert.All(document.Descendants<LinkInline>(), link => Assert.EndsWith(".svg", link.Url, StringComparison.Ordinal));
        Assert.All(document.Descendants<Table>(), table => Assert.Single(table.Select(row => ((TableRow)row).Count).Distinct()));
        Assert.DoesNotContain('\u202e', text);
        Assert.DoesNotContain('\u0007', text);
    }

    [Fact]
    public async Task The_page_and_the_pictures_have_no_element_that_a_name_brought()
    {
        var report = await Hostile.Value;
        var html = Encoding.UTF8.GetString(report.Html.Content);

        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.All(["<script", "<b>", "<img src=q", "href=\"http"], bad => Assert.DoesNotContain(bad, html, StringComparison.OrdinalIgnoreCase));
        foreach (var picture in report.Files.Where(f => f.MediaType == "image/svg+xml"))
            Assert.All(System.Xml.Linq.XDocument.Parse(Encoding.UTF8.GetString(picture.Content)).Descendants(), e => Assert.Contains(e.Name.LocalName, new[] { "svg", "defs", "clipPath", "rect", "g", "polyline", "polygon", "text", "ellipse", "path", "line" }));
    }

    [Fact]
    public async Task Mermaid_labels_keep_to_their_quotes()
    {
        var text = Encoding.UTF8.GetString((await Hostile.Value).Markdown.Content);

        var lines = text.Split("```mermaid\n").Skip(1).SelectMany(block => block.Split("```")[0].Split('\n')).Where(line => line.Contains('"', StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches("""^    (n\d+\["[^"<>|`\[\]]*"\]|n\d+ (-->|-\.->)\|"\d+"\| n\d+|"[^"<>|`\[\]]*" : \d+)$""", line));
    }

    private static async Task<WeeklyReport> HostileReportAsync()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, start) in new[] { ("before", LabOptions.DefaultStart.AddDays(-7)), ("now", LabOptions.DefaultStart) })
            LabRunner.Write(LabScenarios.All.Single(s => s.Name == "client-denied"), new LabOptions { Format = LogFormat.VnetV4, Start = start, Minutes = 5 }, folder[name]);
        foreach (var file in Directory.GetFiles(folder["now"], "*.json", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(file);
            await File.WriteAllTextAsync(file, text.Replace("DenyAllOtherInbound", Json(Rule), StringComparison.Ordinal).Replace("vm-client-01", Json(Client), StringComparison.Ordinal));
        }

        await ReportLake.FillAsync(folder["lake"], folder["before"], folder["now"]);
        var lake = await LakeWindows.LoadAsync(await FlowLake.OpenAsync(folder["lake"]));
        return await WeeklyReport.BuildAsync(lake, new ReportRequest(ReportLake.Story, "a <b> report", "0.1.0"));
    }

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text)[1..^1];
}
