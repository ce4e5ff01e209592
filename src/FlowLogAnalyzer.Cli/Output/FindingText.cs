using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;
using Spectre.Console;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Findings for a person: the worst first, each with what to look at and what to type next.</summary>
internal static class FindingText
{
    private const int Margin = 12;

    public static void Write(CheckResult result, string lake, CliHost host)
    {
        var console = TableOutput.ConsoleFor(host);
        foreach (var group in result.Findings.Where(f => f.Suppressed is null).GroupBy(f => f.Severity).OrderByDescending(g => g.Key))
        {
            console.Write(new Text($"{group.Key.ToString().ToUpperInvariant()}\n\n", new Style(Colour(group.Key), decoration: Decoration.Bold)));
            foreach (var finding in group)
                Write(finding, lake, host, console);
        }

        WriteSuppressed(result, lake, host, console);
        // Why nothing was looked at goes to standard error, with the exit code.
        if (result.Findings.Count > 0 || result.NothingLookedAt is null)
            console.Write(new Text(Closing(result) + "\n"));
    }

    public static string Closing(CheckResult result)
    {
        if (result.Findings.Count == 0)
            return result.NothingLookedAt ?? "No findings.";

        var bySeverity = result.Findings.Where(f => f.Suppressed is null).GroupBy(f => f.Severity).OrderByDescending(g => g.Key).Select(g => $"{g.Count()} {FindingJson.Word(g.Key)}").ToList();
        var suppressed = result.Findings.Count(f => f.Suppressed is not null);
        if (suppressed > 0)
            bySeverity.Add($"{suppressed} suppressed");
        return $"{result.Findings.Count} {(result.Findings.Count == 1 ? "finding" : "findings")}: {string.Join(", ", bySeverity)}.";
    }

    private static void WriteSuppressed(CheckResult result, string lake, CliHost host, IAnsiConsole console)
    {
        if (result.Findings.All(f => f.Suppressed is null))
            return;

        console.Write(new Text("SUPPRESSED\n\n", new Style(decoration: Decoration.Bold)));
        foreach (var finding in result.Findings.Where(f => f.Suppressed is not null))
            Write(finding, lake, host, console);
    }

    private static void Write(Finding finding, string lake, CliHost host, IAnsiConsole console)
    {
        console.Write(new Text($"{finding.Id}  {CellText.Visible(finding.Title)}", new Style(decoration: Decoration.Bold)));
        console.Write(new Text($"  (confidence {FindingJson.Word(finding.Confidence)})\n"));
        Line(console, "  ", finding.Explanation, host.Width, 2);
        foreach (var (name, text) in FindingFacts.Of(finding, lake))
            Line(console, $"  {name,-Margin + 2}".PadRight(Margin), text, host.Width, Margin);
        if (FindingFacts.EvidenceCommand(finding, lake) is { } command)
            Command("Evidence", command, host);
        if (FindingFacts.NextCommand(finding, lake) is { } next)
            Command("Next", next, host);
        console.Write(new Text("\n"));
    }

    /// <summary>Never wrapped: it is there to be copied.</summary>
    private static void Command(string name, string command, CliHost host) => host.Out.WriteLine($"{$"  {name}".PadRight(Margin)}{CellText.Visible(command)}");

    private static void Line(IAnsiConsole console, string head, string text, int width, int indent) =>
        console.Write(new Text($"{head}{TextWrap.Wrap(CellText.Visible(text), width, indent)}\n"));

    private static Color Colour(Severity severity) => severity switch
    {
        Severity.Critical or Severity.High => Color.Red,
        Severity.Medium => Color.Yellow,
        Severity.Low => Color.Blue,
        _ => Color.Default,
    };
}
