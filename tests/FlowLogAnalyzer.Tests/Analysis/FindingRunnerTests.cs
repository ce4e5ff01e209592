using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;

namespace FlowLogAnalyzer.Tests.Analysis;

public class FindingRunnerTests
{
    [Fact]
    public void A_healthy_cluster_has_no_finding_above_info()
    {
        using var cluster = new StoryCluster();
        foreach (var pool in StoryCluster.Pools)
            cluster.Probes(pool, 0, 400).Clients(pool, 0, 400);
        cluster.Hops("user", cluster.IngressPods[0], (0, 400)).Hops("system", cluster.IngressPods[0], (0, 400));
        using var database = cluster.Open();

        Assert.DoesNotContain(FindingRunner.Run(database, null, TestContext.Current.CancellationToken).Findings, f => f.Severity > Severity.Info);
    }

    [Fact]
    public void The_JSON_has_the_keys_of_the_contract_in_order_and_the_same_bytes_every_time()
    {
        using var cluster = Broken();
        var first = Json(cluster);

        Assert.Equal(first, Json(cluster));
        var finding = JsonDocument.Parse(first).RootElement.EnumerateArray().First(f => f.GetProperty("id").GetString() == "LBC-001");
        Assert.Equal(
            ["id", "title", "severity", "confidence", "subject", "firstSeen", "lastSeen", "count", "explanation", "evidence", "limits", "attack", "fix"],
            finding.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["summary", "az", "bicep", "terraform"], finding.GetProperty("fix").EnumerateObject().Select(p => p.Name));
        Assert.Equal("2026-11-20T10:00:00Z", finding.GetProperty("firstSeen").GetString());
        Assert.Equal("high", finding.GetProperty("confidence").GetString());
        var evidence = finding.GetProperty("evidence");
        Assert.Equal(0.5, evidence.GetProperty("observedFailureShare").GetDouble());
        Assert.Equal("nsg-user", evidence.GetProperty("nsg").GetString());
        Assert.Equal(StoryCluster.Node("user"), evidence.GetProperty("nodes")[0].GetString());
        Assert.Equal("sql", evidence.EnumerateObject().Last().Name);
    }

    [Fact]
    public void Findings_come_worst_first()
    {
        using var cluster = Broken();
        using var database = cluster.Open();

        var findings = FindingRunner.Run(database, null, TestContext.Current.CancellationToken).Findings;

        Assert.True(findings.Count >= 3);
        Assert.Equal(findings.Select(f => f.Severity).OrderDescending(), findings.Select(f => f.Severity));
    }

    [Fact]
    public void Without_an_inventory_findings_are_skipped_with_the_command_that_helps()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, StoryCluster.Mac("user"), "168.63.129.16:1 -> 10.10.3.4:31880", StoryCluster.Deny("user"));
        using var database = lake.Open();

        var skipped = FindingRunner.Run(database, new() { Only = ["lbp-001"] }, TestContext.Current.CancellationToken).Skipped;

        Assert.Contains("az vmss nic list", Assert.Single(skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_id_is_refused_with_the_known_ones()
    {
        using var lake = new LakeBuilder();
        using var database = lake.Open();

        var error = Assert.Throws<ArgumentException>(() => FindingRunner.Run(database, new() { Only = ["LBP-999"] }, TestContext.Current.CancellationToken));

        Assert.Contains("LBP-001", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finding_says_which_NSG_level_is_not_in_the_logs_and_what_the_inventory_lacks()
    {
        using var lake = new LakeBuilder();
        var node = StoryCluster.Node("user");
        lake.With(InventorySchema.Nics, Row(("mac", StoryCluster.Mac("user")), ("node", node), ("subnet_nsg", "nsg-user"), ("nic_nsg", "aks-agentpool-1-nsg")));
        lake.With(InventorySchema.Probes, Row(("service", "a/b"), ("port", 80), ("probe_port", 31880), ("interval_seconds", 5)));
        lake.With(InventorySchema.Backends, Row(("service", "a/b"), ("node", node)));
        for (var s = 0; s < 30; s += 5)
            lake.Add(s, StoryCluster.Mac("user"), "168.63.129.16:1 -> 10.10.3.4:31880", StoryCluster.Deny("user") with { Format = "nsg-v2" });
        using var database = lake.Open();

        var limits = Assert.Single(FindingRunner.Run(database, new() { Only = ["LBP-001"] }, TestContext.Current.CancellationToken).Findings).Limits;

        Assert.Contains(limits, l => l.Contains("aks-agentpool-1-nsg", StringComparison.Ordinal) && !l.Contains("nsg-user", StringComparison.Ordinal));
        Assert.Contains(limits, l => l.Contains("no endpoints", StringComparison.Ordinal));
    }

    private static StoryCluster Broken()
    {
        var cluster = new StoryCluster();
        cluster.Probes("system", 0, 100, deny: true).Clients("ingress", 0, 100).Clients("user", 0, 100, deny: true).Hops("user", cluster.IngressPods[0], (0, 100), deny: true);
        return cluster;
    }

    private static string Json(StoryCluster cluster)
    {
        using var database = cluster.Lake.Tables.Count == 0 ? cluster.Open() : cluster.Lake.Open();
        using var stream = new MemoryStream();
        FindingJson.WriteArray(stream, FindingRunner.Run(database).Findings);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
