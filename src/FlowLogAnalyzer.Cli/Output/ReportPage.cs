using System.Text;
using FlowLogAnalyzer.Cli.Hosting;
using Spectre.Console;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Headings, sentences, tables and code, for a terminal or as Markdown.</summary>
internal sealed class ReportPage
{
    private readonly List<Part> _parts = [];

    private abstract record Part;

    private sealed record HeadingPart(string Text) : Part;

    private sealed record TextPart(string Text, bool Bullet) : Part;

    private sealed record TablePart(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows) : Part;

    private sealed record CodePart(string Text) : Part;

    public void Heading(string text) => _parts.Add(new HeadingPart(text));

    public void Say(string text) => _parts.Add(new TextPart(text, Bullet: false));

    public void Bullets(IEnumerable<string> texts) => _parts.AddRange(texts.Select(t => new TextPart(t, Bullet: true)));

    /// <summary>Nothing when there is no row.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        if (rows.ToList() is { Count: > 0 } list)
            _parts.Add(new TablePart(columns, list));
    }

    /// <summary>To be copied: never wrapped.</summary>
    public void Code(string text) => _parts.Add(new CodePart(text));

    public async Task WriteAsync(Invocation call, CancellationToken ct)
    {
        foreach (var part in _parts)
        {
            if (call.Format == OutputFormat.Markdown)
                await WriteMarkdownAsync(part, call.Host, ct);
            else
                Draw(part, call.Host);
        }
    }

    private static async Task WriteMarkdownAsync(Part part, CliHost host, CancellationToken ct)
    {
        switch (part)
        {
            case HeadingPart heading: await host.Out.WriteLineAsync($"\n## {MarkdownOutput.Escape(heading.Text)}\n"); break;
            case TextPart { Bullet: true } text: await host.Out.WriteLineAsync($"- {MarkdownOutput.Escape(text.Text)}"); break;
            case TextPart text: await host.Out.WriteLineAsync($"{MarkdownOutput.Escape(text.Text)}\n"); break;
            case TablePart table:
                await MarkdownOutput.WriteAsync(ResultSet.Of(table.Columns, table.Rows), host.Out, ct);
                await host.Out.WriteLineAsync();
                break;
            case CodePart code: await host.Out.WriteLineAsync($"\n{FindingMarkdown.Fence(CellText.Visible(code.Text))}"); break;
        }
    }

    private static void Draw(Part part, CliHost host)
    {
        var console = TableOutput.ConsoleFor(host);
        switch (part)
        {
            case HeadingPart heading: console.Write(new Text($"\n{CellText.Visible(heading.Text)}\n", new Style(decoration: Decoration.Bold))); break;
            case TextPart text: console.Write(new Text($"{(text.Bullet ? "  - " : "")}{TextWrap.Wrap(CellText.Visible(text.Text), host.Width, text.Bullet ? 4 : 0)}\n")); break;
            case TablePart table: console.Write(TableOutput.Draw(table.Columns, [.. table.Rows])); break;
            case CodePart code: host.Out.WriteLine($"\n{CellText.Visible(code.Text).TrimEnd('\n')}\n"); break;
        }
    }

    /// <summary>Every line as a comment of the language that starts comments with <paramref name="mark"/>.</summary>
    public static string Comment(string mark, IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines.SelectMany(l => CellText.Visible(l).Split('\n')))
            text.Append(mark).Append(' ').Append(line).Append('\n');
        return text.ToString();
    }
}
