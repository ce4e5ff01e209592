using System.Text;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Tests.Docs;

public class LakeSchemaTests
{
    [Fact]
    public void The_page_of_the_lake_schema_is_what_the_code_says()
    {
        RepositoryFiles.AssertGenerated("docs/lake-schema.md", Page());
    }

    [Fact]
    public void Every_column_and_every_flag_has_a_meaning()
    {
        Assert.All(FlowColumns.All, column => Assert.NotEmpty(column.Meaning));
        Assert.All(Flags(), flag => Assert.NotEmpty(XmlDocs.Summary($"F:{typeof(QualityFlags).FullName}.{flag}")));
    }

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append("# The lake's schema\n\nGenerated from `FlowColumns` and `QualityFlags`; do not edit. ")
            .Append("`UPDATE=1 dotnet test` rewrites it.\n\n")
            .Append("## Table `tuples`\n\nOne row per tuple of the logs. A row is identified by `blob`, `record_index` and `tuple_index`. ")
            .Append($"Partitioned by `{FlowColumns.Partition}`. Columns marked • have minimum and maximum in the table's log, so engines skip files by them.\n\n")
            .Append("| column | type | null | | meaning |\n|---|---|---|---|---|\n");
        foreach (var column in FlowColumns.All)
            page.Append($"| `{column.Name}` | {column.Type.ToString().ToLowerInvariant()} | {(column.Nullable ? "yes" : "no")} | {(column.HasStatistics ? "•" : "")} | {column.Meaning} |\n");

        page.Append("\n## Flags\n\nColumn `flags` is a bit set of what was odd about a row that was kept all the same. ")
            .Append("`where flags & 8192 <> 0` finds rows with the bit 8192.\n\n| bit | name | what was odd |\n|---|---|---|\n");
        foreach (var flag in Flags())
            page.Append($"| {(int)flag} | {flag} | {XmlDocs.Summary($"F:{typeof(QualityFlags).FullName}.{flag}")} |\n");

        return page.ToString();
    }

    private static IEnumerable<QualityFlags> Flags() => Enum.GetValues<QualityFlags>().Where(flag => flag != QualityFlags.None);
}
