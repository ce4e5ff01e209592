using FlowLogAnalyzer.Analysis;

namespace FlowLogAnalyzer.Tests.Analysis;

public class ViewGraphTests
{
    private static readonly ViewGraph Graph = new(QueryLibrary.BuiltIn);

    [Fact]
    public void A_statement_rests_on_what_its_views_read()
    {
        var below = Graph.Below(["select * from attempts"]);

        Assert.Superset(new HashSet<string> { "attempts", "attempt_facts", "facts", "tuples", "bucket" }, below.ToHashSet(StringComparer.Ordinal));
        Assert.DoesNotContain("edge_facts", below);
    }

    [Fact]
    public void Comments_and_literals_are_not_read() => Assert.Empty(Graph.Below(["select 'facts' -- edge_days"]));

    [Fact]
    public void A_check_of_one_finding_computes_the_tables_that_it_reads_and_no_others()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80");
        using var database = lake.Open();

        FindingRunner.Run(database, new CheckOptions { Only = ["LAT-003"] });

        Assert.Contains("attempt_facts", database.Steps.Select(s => s.Name));
        Assert.Empty(database.Steps.Select(s => s.Name).Intersect(["client_refusals", "edge_facts", "edge_days"]));
    }

    [Fact]
    public void A_check_of_all_findings_computes_all()
    {
        Assert.Empty(LakeTables.OfFindings.Except(Graph.Below(QueryLibrary.BuiltIn.Findings.Select(q => q.Sql))));
    }
}
