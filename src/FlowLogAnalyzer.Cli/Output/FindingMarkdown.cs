using FlowLogAnalyzer.Findings;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Findings as a Markdown page, for a ticket or a wiki.</summary>
internal static class FindingMarkdown
{
    public static async Task WriteAsync(CheckResult result, string lake, TextWriter output)
    {
        await output.WriteLineAsync($"# Findings\n\n{FindingText.Closing(result)}");
        foreach (var finding in result.Findings)
            await output.WriteAsync(Section(finding, lake));

        if (result.Skipped.Count == 0)
            return;

        await output.WriteLineAsync("\n## Not looked for\n");
        foreach (var skipped in result.Skipped)
            await output.WriteLineAsync($"- {skipped.Id} {MarkdownOutput.Escape(skipped.Title)}: {MarkdownOutput.Escape(skipped.Reason)}");
    }

    private static string Section(Finding finding, string lake)
    {
        var facts = FindingFacts.Of(finding, lake).Select(fact => $"- **{MarkdownOutput.Escape(fact.Name)}:** {MarkdownOutput.Escape(fact.Text)}\n");
        var commands = new[] { FindingFacts.EvidenceCommand(finding, lake), FindingFacts.NextCommand(finding, lake) }.OfType<string>().Select(c => $"\n{Fence(CellText.Visible(c))}\n");
        return $"\n## {finding.Id} {MarkdownOutput.Escape(finding.Title)}\n\n"
            + $"Severity {FindingJson.Word(finding.Severity)}, confidence {FindingJson.Word(finding.Confidence)}. {MarkdownOutput.Escape(finding.Subject)}\n\n"
            + $"{MarkdownOutput.Escape(finding.Explanation)}\n\n{string.Concat(facts)}{string.Concat(commands)}";
    }

    /// <summary>A code block whose fence is longer than any run of backticks in it.</summary>
    internal static string Fence(string text)
    {
        var longest = 0;
        for (int i = 0, run = 0; i < text.Length; i++)
        {
            run = text[i] == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', Math.Max(3, longest + 1));
        return $"{fence}sh\n{text}\n{fence}";
    }
}
