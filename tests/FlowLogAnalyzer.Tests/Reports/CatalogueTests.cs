using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Reports;

/// <summary>Every named query over two weeks of the lab, as `flowlog query NAME` runs it.</summary>
[Collection(nameof(ReportLake))]
public class CatalogueTests(ReportLake lake)
{
    /// <summary>What the lab has nothing of: other protocols, oddities, public sources and so on. CatalogueCaseTests make them answer.</summary>
    public static readonly string[] EmptyInTheLab =
        ["double_logging", "internet_sources", "log_quality", "new_destinations", "other_protocols", "snat_pressure", "unlogged_nics", "unused_rules"];

    [Fact]
    public void There_are_at_least_thirty_named_queries_and_each_says_what_it_asks()
    {
        var queries = QueryLibrary.BuiltIn.In("explore").ToList();

        Assert.True(queries.Count >= 30);
        Assert.Equal(queries.Count, queries.Select(q => q.Title).Distinct(StringComparer.Ordinal).Count());
        Assert.All(queries.Concat(QueryLibrary.BuiltIn.In("report")), q =>
        {
            Assert.NotEmpty(q.Title);
            Assert.EndsWith("?", q.Question, StringComparison.Ordinal);
            Assert.All(q.Parameters, p => Assert.NotEmpty(p.Meaning));
            Assert.All(q.Parameters, p => Assert.Contains($"getvariable('{p.Name}')", q.Sql, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Every_query_answers_with_an_inventory_and_on_any_number_of_threads_the_same()
    {
        var windows = await lake.OpenAsync();
        using var one = await windows.OpenAsync(null, null, o => o with { Threads = 1 });
        using var four = await windows.OpenAsync(null, null, o => o with { Threads = 4 });

        var empty = new List<string>();
        foreach (var query in Named())
        {
            var text = Text(one, query);
            Assert.Equal(text, Text(four, query));
            if (text.Length == 0)
                empty.Add(query.Name);
        }

        Assert.Equal(EmptyInTheLab, empty.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_query_runs_without_an_inventory()
    {
        string[] needInventory = ["address_owner", "api_server_clients", "second_hop_matrix", "service_balance", "unlogged_nics", "unused_rules", "wide_rules", "week_rules"];
        using var database = await (await lake.OpenAsync()).OpenAsync(null, null, o => o with { Tables = [], Resolve = null });

        var empty = Named().Where(query => Rows(database, query).Count == 0).Select(q => q.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Superset(needInventory.ToHashSet(StringComparer.Ordinal), empty);
        Assert.Subset(needInventory.Concat(EmptyInTheLab).ToHashSet(StringComparer.Ordinal), empty);
    }

    private static IEnumerable<QueryFile> Named() => QueryLibrary.BuiltIn.In("explore").Concat(QueryLibrary.BuiltIn.In("report"));

    private static List<object?[]> Rows(LakeDatabase database, QueryFile query)
    {
        using var rows = database.Run(query);
        Assert.Equal(rows.Columns.Count, rows.Columns.Select(c => c.Name).Distinct(StringComparer.Ordinal).Count());
        return [.. rows.Read()];
    }

    private static string Text(LakeDatabase database, QueryFile query) =>
        string.Join('\n', Rows(database, query).Select(row => $"{query.Name}: {System.Text.Json.JsonSerializer.Serialize(row)}"));
}
