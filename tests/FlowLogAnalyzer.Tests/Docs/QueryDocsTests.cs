using System.Text;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Reports;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>docs/queries: what the headers of the catalogue say, with what each query answers.</summary>
[Collection(nameof(ReportLake))]
public class QueryDocsTests(ReportLake lake)
{
    private static readonly string[] Folders = ["explore", "report", "export"];

    /// <summary>What says nothing without a parameter is shown with one.</summary>
    private static readonly Dictionary<string, Dictionary<string, string>> Asked = new(StringComparer.Ordinal)
    {
        ["address_owner"] = new() { ["ip"] = "10.10.2.100" },
        ["frontend_clients"] = new() { ["service"] = "ingress/ingress-nginx-controller" },
        ["pod_peers"] = new() { ["name"] = "shop/api" },
        ["which_rule"] = new() { ["dst"] = "10.10.2.100", ["port"] = "80" },
    };

    [Fact]
    public async Task Every_query_has_a_page_of_what_its_header_and_its_answer_say()
    {
        using var weeks = await (await lake.OpenAsync()).OpenAsync(null, null, o => o with { Threads = 1 });
        foreach (var query in Folders.SelectMany(QueryLibrary.BuiltIn.In))
        {
            var example = QueryExample.Ask(weeks, query, Asked.GetValueOrDefault(query.Name, []), "[the lab's two weeks](../sample-report/2026-W47.md)");
            if (example.Rows.Count == 0)
                example = OfACase(query);

            Assert.NotEmpty(example.Rows);
            RepositoryFiles.AssertGenerated($"docs/queries/{query.Name}.md", QueryPage.Text(query, example));
        }

        var pages = Directory.GetFiles(RepositoryFiles.Path("docs/queries"), "*.md").Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(Folders.SelectMany(QueryLibrary.BuiltIn.In).Select(q => q.Name).Order(StringComparer.Ordinal), pages.Except(["README"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_table_of_all_queries_is_complete()
    {
        RepositoryFiles.AssertGenerated("docs/queries/README.md", Table());
    }

    /// <summary>What the lab has nothing of is shown on a few tuples that have it.</summary>
    private static QueryExample OfACase(QueryFile query)
    {
        var known = CatalogueCases.All[query.Name];
        using var lake = known.Lake();
        using var database = lake.Open();
        return QueryExample.Ask(database, query, known.Variables, "a few tuples made for it, since the lab has nothing of the kind");
    }

    private static string Table()
    {
        (string Folder, string Title)[] groups =
            [("explore", "Questions people ask"), ("report", "What the weekly report is made of"), ("export", "Flows in the words of other systems")];
        var page = new StringBuilder("# The queries of `flowlog query`\n\n")
            .Append("Generated from `queries/`; do not edit. `UPDATE=1 dotnet test` rewrites it. [How to ask](../how-to/ask-questions.md); [the views](../../queries/README.md) that queries read.\n");
        foreach (var (folder, title) in groups)
        {
            page.Append($"\n## {title}\n\n| query | asks |\n|---|---|\n");
            foreach (var query in QueryLibrary.BuiltIn.In(folder))
                page.Append($"| [{query.Name}]({query.Name}.md) | {query.Question} |\n");
        }

        return page.ToString();
    }
}
