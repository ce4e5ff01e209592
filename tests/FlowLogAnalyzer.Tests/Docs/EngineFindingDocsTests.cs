using System.Text;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Tests.Catalogue;
using FlowLogAnalyzer.Tests.Replay.Catalogue;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>docs/findings/rules.md: the findings that come from asking rules, with the first hit of each as its example.</summary>
public class EngineFindingDocsTests
{
    [Fact]
    public void The_page_of_findings_of_the_rules_is_what_their_cases_say()
    {
        RepositoryFiles.AssertGenerated("docs/findings/rules.md", Page());
    }

    private static string Page()
    {
        var page = new StringBuilder("# Findings of the NSG rules\n\n")
            .Append("What no query can find: it takes rules to be evaluated, tags to be expanded and recorded flows to be replayed. Needs the NSGs in the inventory (`az network nsg list`). ")
            .Append("[All findings](README.md). Generated from `tests/FlowLogAnalyzer.Tests/Replay/Catalogue`; do not edit. `UPDATE=1 dotnet test` rewrites it.\n");
        foreach (var (id, title) in EngineCheck.Findings)
            AppendExample(page.Append($"\n## {id}\n\n{title}.\n\n"), EngineCases.All.First(c => c.Id == id && c.Fires));
        return page.ToString();
    }

    private static void AppendExample(StringBuilder page, EngineCase shown)
    {
        var example = shown.Findings()[0];
        page.Append($"Example: {shown.Name}. Severity {FindingJson.Word(example.Severity)}, confidence {FindingJson.Word(example.Confidence)}: {example.Subject}\n\n> {example.Explanation}\n\n");
        if (example.Fix is { } fix)
            page.Append($"Fix: {fix.Summary}\n\n");
        foreach (var limit in example.Limits)
            page.Append($"- {limit}\n");
        page.Append($"{(example.Limits.Count > 0 ? "\n" : "")}```sql\n{example["sql"]}\n```\n");
    }
}
