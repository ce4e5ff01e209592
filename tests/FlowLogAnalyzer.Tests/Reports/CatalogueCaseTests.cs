using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Tests.Analysis;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;
using Tuple = FlowLogAnalyzer.Tests.Analysis.Tuple;

namespace FlowLogAnalyzer.Tests.Reports;

/// <summary>Queries that find nothing in the lab, over tuples in which they must find one thing and not its neighbour.</summary>
public class CatalogueCaseTests
{
    [Fact]
    public void Double_logging_finds_the_nic_that_is_in_both_kinds_of_log()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Format = "nsg-v2" }).Add(1, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Format = "vnet-v4" });
        lake.Add(2, "b", "10.0.0.1:1001 -> 10.0.0.3:80", new Tuple { Format = "nsg-v2" });

        Assert.Equal(["a"], Column(lake, "double_logging", "mac"));
    }

    [Fact]
    public void Internet_sources_leave_out_private_and_link_local_addresses()
    {
        using var lake = new LakeBuilder();
        string[] sources = ["10.1.2.3", "172.20.0.1", "192.168.9.9", "100.64.0.9", "169.254.1.1", "203.0.113.7"];
        foreach (var source in sources)
            lake.Add(0, "a", $"{source}:1000 -> 10.0.0.2:80", new Tuple { Deny = true });

        Assert.Equal(["203.0.113.7"], Column(lake, "internet_sources", "source"));
    }

    [Fact]
    public void Log_quality_counts_each_oddity()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Flags = (long)(QualityFlags.TimeUnit | QualityFlags.Spaces) }).Add(1, "a", "10.0.0.1:1001 -> 10.0.0.2:80", new Tuple { Flags = (long)QualityFlags.Spaces }).Add(2, "a", "10.0.0.1:1002 -> 10.0.0.2:80");

        Assert.Equal(["Spaces", "TimeUnit"], Column(lake, "log_quality", "oddity"));
        Assert.Equal([2L, 1L], Column(lake, "log_quality", "tuples"));
    }

    [Fact]
    public void New_destinations_are_those_not_contacted_before_the_last_hours()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, "a", "10.0.0.1:1000 -> 203.0.113.1:443", new Tuple { Outbound = true }).Add(7200, "a", "10.0.0.1:1001 -> 203.0.113.1:443", new Tuple { Outbound = true }).Add(7300, "a", "10.0.0.1:1002 -> 203.0.113.2:443", new Tuple { Outbound = true });

        Assert.Equal(["203.0.113.2"], Column(lake, "new_destinations", "destination", ("hours", "1")));
    }

    [Fact]
    public void Other_protocols_leave_out_tcp_and_udp()
    {
        using var lake = new LakeBuilder();
        foreach (var protocol in new[] { 1, 6, 17 })
            lake.Add(protocol, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Protocol = protocol, Format = "vnet-v4" });

        Assert.Equal([1L], Column(lake, "other_protocols", "protocol"));
    }

    [Fact]
    public void Snat_pressure_counts_connections_to_one_public_destination_in_one_minute()
    {
        using var lake = new LakeBuilder();
        for (var port = 1000; port < 1005; port++)
            lake.Add(1, "a", $"10.0.0.1:{port} -> 203.0.113.1:443", new Tuple { Outbound = true }).Add(60 * (port - 999), "a", $"10.0.0.1:{port} -> 203.0.113.2:443", new Tuple { Outbound = true });

        Assert.Equal(["203.0.113.1"], Column(lake, "snat_pressure", "destination", ("min_connections", "5")));
    }

    [Fact]
    public void Unlogged_nics_are_those_of_the_inventory_that_no_row_names()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80");
        lake.With(InventorySchema.Nics, Row(("mac", "a"), ("node", "one")), Row(("mac", "b"), ("node", "two")));

        Assert.Equal(["two"], Column(lake, "unlogged_nics", "node"));
    }

    [Theory]
    [InlineData("unused_rules")]
    [InlineData("week_unused_rules")]
    public void Unused_rules_are_those_that_no_row_names(string query)
    {
        using var lake = new LakeBuilder();
        lake.Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Rule = "UserRule_Web" });
        lake.With(
            InventorySchema.NsgRules,
            Row(("nsg", "nsg-user"), ("rule", "Web"), ("direction", "Inbound"), ("decision", "Allow"), ("priority", 100), ("is_default", false)),
            Row(("nsg", "nsg-user"), ("rule", "Old"), ("direction", "Inbound"), ("decision", "Allow"), ("priority", 110), ("is_default", false)));

        Assert.Equal(["Old"], Column(lake, query, "rule"));
    }

    [Fact]
    public void Which_rule_narrows_by_source_destination_and_port()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, "a", "10.0.0.1:1000 -> 10.0.0.2:80", new Tuple { Rule = "UserRule_Web" }).Add(1, "a", "10.0.0.1:1001 -> 10.0.0.2:22", new Tuple { Rule = "UserRule_NoSsh", Deny = true }).Add(2, "a", "10.0.0.9:1001 -> 10.0.0.2:22", new Tuple { Rule = "UserRule_Other" });

        Assert.Equal(["NoSsh"], Column(lake, "which_rule", "rule", ("src", "10.0.0.1"), ("port", "22")));
    }

    private static List<object?> Column(LakeBuilder lake, string name, string column, params (string Name, string Value)[] variables)
    {
        using var database = lake.Open();
        var query = QueryLibrary.BuiltIn.Find(name)!;
        using var rows = database.Run(query, variables.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal));
        var index = rows.Columns.Select(c => c.Name).ToList().IndexOf(column);
        return [.. rows.Read().Select(row => row[index])];
    }
}
