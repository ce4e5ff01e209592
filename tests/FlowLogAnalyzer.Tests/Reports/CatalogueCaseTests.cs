using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Tests.Reports;

/// <summary>Queries that find nothing in the lab, over tuples in which they must find one thing and not its neighbour.</summary>
public class CatalogueCaseTests
{
    [Theory]
    [InlineData("double_logging", "mac", new object[] { "a" })]
    [InlineData("internet_sources", "source", new object[] { "203.0.113.7" })]
    [InlineData("log_quality", "oddity", new object[] { "Spaces", "TimeUnit" })]
    [InlineData("log_quality", "tuples", new object[] { 2L, 1L })]
    [InlineData("new_destinations", "destination", new object[] { "203.0.113.2" })]
    [InlineData("other_protocols", "protocol", new object[] { 1L })]
    [InlineData("snat_pressure", "destination", new object[] { "203.0.113.1" })]
    [InlineData("unlogged_nics", "node", new object[] { "two" })]
    [InlineData("unused_rules", "rule", new object[] { "Old" })]
    [InlineData("which_rule", "rule", new object[] { "NoSsh" })]
    public void A_query_finds_what_is_there_and_not_its_neighbour(string query, string column, object[] expected)
    {
        var known = CatalogueCases.All[query];
        using var lake = known.Lake();
        using var database = lake.Open();
        using var rows = database.Run(QueryLibrary.BuiltIn.Find(query)!, known.Variables);

        var index = rows.Columns.Select(c => c.Name).ToList().IndexOf(column);
        Assert.Equal(expected, rows.Read().Select(row => row[index]));
    }

    [Fact]
    public void Every_query_that_is_silent_in_the_lab_has_a_case() => Assert.Empty(CatalogueTests.EmptyInTheLab.Except(CatalogueCases.All.Keys));
}
