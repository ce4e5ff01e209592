using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;

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
    public void A_view_asks_for_what_those_below_it_ask_for()
    {
        Assert.Equal(["min_ports", "min_ports_any", "min_refused_share"], Graph.Variables("port_scans").Order());
        Assert.Empty(Graph.Variables("facts"));
    }

    [Fact]
    public void A_finding_that_is_asked_for_by_name_finds_what_it_reads_computed_but_for_what_parameters_change()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80");
        using var database = lake.Open();

        database.Run(database.Library.Find("LAT-008")!).Dispose();

        Assert.Contains("facts", database.Steps.Select(s => s.Name));
        Assert.DoesNotContain("port_scans", database.Steps.Select(s => s.Name));
    }

    [Fact]
    public void What_is_asked_with_a_wrong_parameter_is_refused_before_anything_is_computed()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80");
        using var database = lake.Open();
        var opening = database.Steps.Count;

        Assert.Throws<QueryRefusedException>(() => database.Run(database.Library.Find("LAT-008")!, new Dictionary<string, string> { ["min_port"] = "3" }));

        Assert.Equal(opening, database.Steps.Count);
    }

    [Fact]
    public void A_check_computes_the_scans_once_unless_a_threshold_changes_what_a_scan_is()
    {
        Assert.Contains("port_scans", Steps([]));
        Assert.DoesNotContain("port_scans", Steps(new() { ["min_ports"] = "3" }));

        static IEnumerable<string> Steps(Dictionary<string, string> thresholds)
        {
            using var lake = new LakeBuilder();
            lake.Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80");
            using var database = lake.Open();
            FindingRunner.Run(database, new CheckOptions { Configuration = FlowLogConfiguration.None with { Thresholds = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["LAT-008"] = thresholds } } });
            return [.. database.Steps.Select(s => s.Name)];
        }
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
