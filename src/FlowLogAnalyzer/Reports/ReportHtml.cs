using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace FlowLogAnalyzer.Reports;

/// <summary>
/// The report as one HTML page that needs nothing else: pictures are inside, there is no script, and the page's policy
/// forbids any. Mermaid diagrams are left out, since drawing them takes a script; their tables stand beside them.
/// </summary>
internal static class ReportHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UseYamlFrontMatter().UsePipeTables().UseAutoIdentifiers().Build();

    /// <summary>A table with more columns does not fit on a telephone: there its rows become cards.</summary>
    private const int MostColumnsOnAPhone = 3;

    public static byte[] Of(string title, string markdown, IReadOnlyList<ReportFile> pictures)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var diagram in document.Descendants<FencedCodeBlock>().Where(b => b.Info == "mermaid").ToList())
            diagram.Parent!.Remove(diagram);
        foreach (var link in document.Descendants<LinkInline>().Where(l => l.IsImage))
            Show(link, pictures);
        foreach (var table in document.Descendants<Table>())
            LabelCells(table);

        // What scrolls sideways can be reached by the keyboard.
        var body = document.ToHtml(Pipeline).ReplaceLineEndings("\n").Replace("<table", "<div class=\"wide\" tabindex=\"0\"><table", StringComparison.Ordinal).Replace("</table>", "</table></div>", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(Page(System.Net.WebUtility.HtmlEncode(title), body));
    }

    private static void Show(LinkInline image, IReadOnlyList<ReportFile> pictures)
    {
        image.Url = pictures.FirstOrDefault(p => Uri.EscapeDataString(p.Name) == image.Url) is { } picture
            ? $"data:{picture.MediaType};base64,{Convert.ToBase64String(picture.Content)}"
            : "";
        var attributes = image.Parent!.ParentBlock!.GetAttributes();
        attributes.AddClass("wide");
        attributes.AddProperty("tabindex", "0");
    }

    /// <summary>Each cell carries the heading of its column, which the style sheet shows where there is no heading row.</summary>
    private static void LabelCells(Table table)
    {
        var rows = table.OfType<TableRow>().ToList();
        if (rows is not [{ IsHeader: true } head, ..] || head.Count <= MostColumnsOnAPhone)
            return;

        table.GetAttributes().AddClass("cards");
        var headings = head.Select(cell => string.Concat(cell.Descendants<LiteralInline>())).ToList();
        foreach (var row in rows.Skip(1))
            foreach (var (cell, heading) in row.Zip(headings))
                cell.GetAttributes().AddProperty("data-label", heading);
    }

    private static string Page(string title, string body) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <title>{{title}}</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; color: #24292f; background: #fff; max-width: 62rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
        h1, h2, h3 { line-height: 1.25; } h2 { margin-top: 2.5rem; border-bottom: 1px solid #d0d7de; padding-bottom: .3rem; }
        .wide { overflow-x: auto; } .wide img { min-width: 36rem; } table { border-collapse: collapse; font-size: .875rem; }
        th, td { border: 1px solid #d0d7de; padding: .3rem .6rem; text-align: left; vertical-align: top; overflow-wrap: normal; } th { background: #f6f8fa; }
        pre { background: #f6f8fa; padding: .75rem; overflow-x: auto; font-size: .8125rem; } code { background: #f6f8fa; }
        img { max-width: 100%; height: auto; }
        @media (max-width: 42rem) {
          body { padding: .75rem; } ol, ul { padding-left: 1.4rem; }
          .cards, .cards tbody { display: block; } .cards thead { display: none; }
          .cards tr { display: block; border: 1px solid #d0d7de; margin-bottom: .6rem; padding: .3rem .6rem; }
          .cards td { display: grid; grid-template-columns: 7.5rem 1fr; gap: .5rem; border: 0; padding: .1rem 0; text-align: left !important; overflow-wrap: anywhere; }
          .cards td::before { content: attr(data-label); color: #57606a; } .cards td:empty { display: none; }
        }
        </style>
        </head>
        <body>
        {{body}}</body>
        </html>

        """.ReplaceLineEndings("\n");
}
