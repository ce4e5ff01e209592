using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;

namespace FlowLogAnalyzer.Tests.Analysis;

public class QualityFindingTests
{
    private const string Managed = "aks-agentpool-12345678-nsg";

    [Theory]
    [InlineData(null, "not known")]
    [InlineData(true, "switched on")]
    [InlineData(false, "switched off")]
    public void OBS_001_names_the_NSG_that_no_row_names_and_what_that_costs(bool? enabled, string state)
    {
        using var lake = TwoLevels();
        if (enabled is { } on)
            lake.With(InventorySchema.FlowLogs, Row(("flow_log", "fl"), ("target", $"/subscriptions/0/resourceGroups/mc/providers/Microsoft.Network/networkSecurityGroups/{Managed}"), ("kind", "nsg"), ("enabled", on)));
        lake.Add(0, "000D3A000003", "10.10.4.4:1000 -> 10.10.3.4:80", Subnet(deny: true)).Add(60, "000D3A000003", "10.10.3.4:1000 -> 10.10.4.4:80", Subnet(deny: false) with { Outbound = true });

        var finding = Assert.Single(Check(lake, "OBS-001"));

        Assert.Equal(Severity.High, finding.Severity);
        Assert.Equal((Managed, "NIC"), ((string)finding["nsg"]!, (string)finding["level"]!));
        Assert.Equal(["nsg-user"], (List<object?>)finding["loggedNsgs"]!);
        Assert.Equal([StoryCluster.Node("user")], (List<object?>)finding["nodes"]!);
        Assert.Equal(1, finding.Count);
        Assert.Equal(Start.AddSeconds(60), finding.LastSeen);
        Assert.Contains(state, finding.Explanation, StringComparison.Ordinal);
        Assert.Contains("allowed inbound flow", finding.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("both NSGs are logged")]
    [InlineData("VNet flow logs")]
    [InlineData("one NSG only")]
    public void OBS_001_is_silent_when_nothing_is_missing(string why)
    {
        using var lake = TwoLevels(nicNsg: why == "one NSG only" ? null : Managed);
        var tuple = Subnet(deny: true) with { Format = why.StartsWith("VNet", StringComparison.Ordinal) ? "vnet-v4" : "nsg-v2" };
        lake.Add(0, "000D3A000003", "10.10.4.4:1000 -> 10.10.3.4:80", tuple);
        if (why.StartsWith("both", StringComparison.Ordinal))
            lake.Add(1, "000D3A000003", "10.10.4.4:1001 -> 10.10.3.4:80", Subnet(deny: false) with { Acl = $"/subscriptions/0/resourceGroups/mc/providers/Microsoft.Network/networkSecurityGroups/{Managed.ToUpperInvariant()}" });

        Assert.Empty(Check(lake, "OBS-001"));
    }

    [Theory]
    [InlineData("no owner", 2, Severity.Low)]
    [InlineData("no owner", 20, Severity.Medium)]
    [InlineData("two owners", 2, Severity.Low)]
    [InlineData("unknown NIC", 2, Severity.Low)]
    public void OBS_002_says_how_many_flows_have_an_end_that_nobody_knows(string problem, int inHundred, Severity severity)
    {
        using var cluster = WithUnknown(problem, inHundred);

        var finding = Assert.Single(cluster.Check("OBS-002"));

        Assert.Equal((severity, problem, (long)inHundred), (finding.Severity, (string)finding["problem"]!, finding.Count));
        Assert.Equal(inHundred / 100.0, (double)finding["share"]!, 6);
        Assert.Equal([problem == "unknown NIC" ? $"000D3A0000FF ({inHundred})" : $"10.10.3.77 ({inHundred})"], (List<object?>)finding["most"]!);
    }

    [Fact]
    public void OBS_002_takes_one_in_a_hundred_for_noise()
    {
        using var cluster = WithUnknown("no owner", 1);
        Assert.Empty(cluster.Check("OBS-002"));
    }

    private static StoryCluster WithUnknown(string problem, int inHundred)
    {
        var cluster = new StoryCluster();
        cluster.Lake.Address("10.10.3.77", Row(("kind", problem == "no owner" ? "vnet" : "vm"), ("name", "snet-user"), ("certain", problem != "two owners")));
        for (var i = 0; i < 100; i++)
        {
            var isUnknown = i < inHundred;
            var source = isUnknown && problem != "unknown NIC" ? "10.10.3.77" : StoryCluster.Client;
            cluster.Lake.Add(i, isUnknown && problem == "unknown NIC" ? "000D3A0000FF" : StoryCluster.Mac("user"), $"{source}:{2000 + i} -> {StoryCluster.Frontend}:80", StoryCluster.Allow("user"));
        }

        return cluster;
    }

    private static LakeBuilder TwoLevels(string? nicNsg = Managed)
    {
        var lake = new LakeBuilder();
        lake.With(InventorySchema.Nics, Row(("mac", "000D3A000003"), ("kind", "node"), ("node", StoryCluster.Node("user")), ("subnet_nsg", "nsg-user"), ("nic_nsg", nicNsg)));
        return lake;
    }

    private static Tuple Subnet(bool deny) => new() { Format = "nsg-v2", Deny = deny, Rule = deny ? "UserRule_DenyRest" : "UserRule_Allow" };

    private static IReadOnlyList<Finding> Check(LakeBuilder lake, string id)
    {
        using var database = lake.Open();
        var findings = FindingRunner.Run(database, new() { Only = [id] }).Findings;
        foreach (var finding in findings)
        {
            using var rows = database.Query($"select count(*) from ({finding["sql"]})");
            Assert.Equal(finding.Count, rows.Read().Single()[0]);
        }

        return findings;
    }
}
