using System.Text;
using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Tests.Catalogue;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>docs/findings: what the headers of queries/findings say, with the first hit of each as its example.</summary>
public class FindingDocsTests
{
    public static TheoryData<string> Ids => [.. QueryLibrary.BuiltIn.Findings.Select(f => f.Name)];

    [Theory, MemberData(nameof(Ids))]
    public void A_finding_has_a_case_that_fires_and_a_near_miss(string id)
    {
        Assert.Contains(FindingCases.All, c => c.Id == id && c.Fires);
        Assert.Contains(FindingCases.All, c => c.Id == id && !c.Fires);
    }

    [Fact]
    public void Every_case_is_about_a_finding_that_is_there()
    {
        Assert.Empty(FindingCases.All.Select(c => c.Id).Distinct().Except(QueryLibrary.BuiltIn.Findings.Select(f => f.Name)));
        Assert.Equal(FindingCases.All.Count, FindingCases.All.Select(c => (c.Id, c.Name)).Distinct().Count());
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_page_of_a_finding_is_what_its_header_and_its_example_say(string id)
    {
        var example = FindingCases.All.First(c => c.Id == id && c.Fires);

        RepositoryFiles.AssertGenerated($"docs/findings/{id}.md", FindingPage.Text(QueryLibrary.BuiltIn.Find(id)!, example, example.Check()[0]));
    }

    [Fact]
    public void The_table_of_all_findings_is_complete()
    {
        RepositoryFiles.AssertGenerated("docs/findings/README.md", Table());
    }

    [Fact]
    public void There_is_no_page_without_a_finding()
    {
        var pages = Directory.GetFiles(RepositoryFiles.Path("docs/findings"), "*-*.md").Select(Path.GetFileNameWithoutExtension);

        Assert.Empty(pages.Except(QueryLibrary.BuiltIn.Findings.Select(f => f.Name)));
    }

    private static string Table()
    {
        var page = new StringBuilder("# The findings of `flowlog check`\n\n")
            .Append("Generated from `queries/findings` and `tests/FlowLogAnalyzer.Tests/Catalogue`; do not edit. `UPDATE=1 dotnet test` rewrites it.\n\n")
            .Append("Severity is that of the usual form; a row of a finding carries its own. Every finding has a case in which it must fire and a near miss in which it must not.\n\n")
            .Append("Findings that no query makes, since they come from evaluating NSG rules, are in [rules.md](rules.md).\n\n")
            .Append("| id | looks for | severity | SQL | fires when | stays silent when |\n|---|---|---|---|---|---|\n");
        foreach (var finding in QueryLibrary.BuiltIn.Findings)
            page.Append($"| [{finding.Name}]({finding.Name}.md) | {finding.Title} | {FindingJson.Word(finding.Severity!.Value)} | [{finding.Name}.sql](../../queries/findings/{finding.Name}.sql) | {Names(finding.Name, true)} | {Names(finding.Name, false)} |\n");
        return page.ToString();
    }

    private static string Names(string id, bool fires) => string.Join("; ", FindingCases.All.Where(c => c.Id == id && c.Fires == fires).Select(c => c.Name));
}
