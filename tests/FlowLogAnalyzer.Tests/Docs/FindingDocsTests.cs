using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Query;
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

        RepositoryFiles.AssertGenerated($"docs/findings/{id}.md", FindingPage.Text(QueryLibrary.BuiltIn.Find(id)!, example, example.Findings()[0]));
    }

    [Fact]
    public void Every_finding_of_the_catalogue_is_there_and_nothing_else()
    {
        Assert.Equal(CatalogueTable.Ids, QueryLibrary.BuiltIn.Findings.Select(f => f.Name).Concat(EngineCheck.Findings.Select(f => f.Id)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_table_of_all_findings_is_complete()
    {
        RepositoryFiles.AssertGenerated("docs/findings/README.md", CatalogueTable.Text());
    }

    [Fact]
    public void There_is_no_page_without_a_finding()
    {
        var pages = Directory.GetFiles(RepositoryFiles.Path("docs/findings"), "*-*.md").Select(Path.GetFileNameWithoutExtension);

        Assert.Empty(pages.Except(QueryLibrary.BuiltIn.Findings.Select(f => f.Name)));
    }
}
