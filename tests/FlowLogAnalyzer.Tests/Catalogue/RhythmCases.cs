using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Analysis;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;
using static FlowLogAnalyzer.Tests.Catalogue.CaseTools;
using static FlowLogAnalyzer.Tests.Catalogue.FindingCase;

namespace FlowLogAnalyzer.Tests.Catalogue;

/// <summary>LAT-011: connections as regular as a clock.</summary>
internal static class RhythmCases
{
    private const string User = "10.10.3.4";

    public static IReadOnlyList<FindingCase> All { get; } =
    [
        Hit("LAT-011", "the user node calls an outside address every five minutes", Severity.High, c => Calls(c.WithPublic(), "user", 300, 8, 0.04)),
        Hit("LAT-011", "a pod calls a machine inside every minute", Severity.Medium, c => c.At(Every(60, 7, 0.03), "user", $"{StoryCluster.AppPod}:* -> {StoryCluster.Client}:9999", StoryCluster.Allow("user", outbound: true))),
        Hit("LAT-011", "the pods of a CronJob begin at the same times", Severity.Info, c => Job(Calls(c.WithPublic(), "user", 300, 8, 0.01), 300)),
        Hit("LAT-011", "a CronJob that runs at other times explains nothing", Severity.High, c => Job(Calls(c.WithPublic(), "user", 300, 8, 0.01), 3600)),
        Miss("LAT-011", "a database on a machine, which is LAT-012", c => c.At(Every(60, 7, 0.03), "user", $"{StoryCluster.AppPod}:* -> {StoryCluster.Client}:5432", StoryCluster.Allow("user", outbound: true))),
        Miss("LAT-011", "the intervals vary as people's do", c => Calls(c.WithPublic(), "user", 300, 8, 0.5)),
        Miss("LAT-011", "it lasts five hours only", c => Calls(c.WithPublic(), "user", 120, 5, 0.02)),
        Miss("LAT-011", "every node calls it", c => EveryNode(c.WithPublic())),
        Miss("LAT-011", "Azure Monitor", c => Calls(c.WithPublic(name: "AzureMonitor"), "user", 300, 8, 0.04)),
        Miss("LAT-011", "a time server", c => c.WithPublic().At(Every(256, 8), "user", $"{User}:* -> {Outside}:123", StoryCluster.Allow("user", outbound: true) with { Protocol = 17 })),
        Miss("LAT-011", "forwarded probes", c => c.Probes("user", 0, 7 * 3600).Hops("user", c.IngressPods[0], (0, 7 * 3600))),
        Miss("LAT-011", "a scraper", c => Scraper(c).At(Every(60, 8), "ingress", "10.10.1.4:* -> 10.10.2.4:9100")),
        Miss("LAT-011", "it is declared", c => Calls(c.WithPublic().Declare("pool:user", "203.0.113.0/24", 443), "user", 300, 8, 0.04)),
    ];

    private static StoryCluster Calls(StoryCluster cluster, string pool, double seconds, double hours, double jitter) =>
        cluster.At(Every(seconds, hours, jitter), pool, $"{StoryCluster.Ip(pool)}:* -> {Outside}:443", StoryCluster.Allow(pool, outbound: true) with { Rule = "DefaultRule_AllowInternetOutBound" });

    private static StoryCluster EveryNode(StoryCluster cluster)
    {
        foreach (var pool in StoryCluster.Pools)
            Calls(cluster, pool, 300, 8, 0.04);
        return cluster;
    }

    /// <summary>Three finished pods of a CronJob on the user node, half a minute before a call each.</summary>
    private static StoryCluster Job(StoryCluster cluster, int seconds)
    {
        for (var i = 1; i <= 3; i++)
            cluster.Lake.With(InventorySchema.Pods, Row(("pod", $"shop/sync-{i}"), ("namespace", "shop"), ("workload", "CronJob/sync"), ("ip", $"10.244.2.{80 + i}"), ("node", StoryCluster.Node("user")),
                ("created", LakeBuilder.Start.AddSeconds((seconds * i) - 30))));
        return cluster;
    }

    private static StoryCluster Scraper(StoryCluster cluster)
    {
        cluster.Lake.With(InventorySchema.Pods, Row(("pod", "monitoring/prometheus-0"), ("workload", "prometheus"), ("duty", "scraper"), ("namespace", "monitoring"), ("ip", "10.244.0.41"), ("node", StoryCluster.Node("system"))));
        return cluster;
    }
}
