using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Tests.Analysis;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;
using static FlowLogAnalyzer.Tests.Catalogue.CaseTools;
using static FlowLogAnalyzer.Tests.Catalogue.FindingCase;

namespace FlowLogAnalyzer.Tests.Catalogue;

/// <summary>LAT-010 and LAT-012 to LAT-015: paths that are new, or lead out of their zone.</summary>
internal static class NewPathCases
{
    private const string User = "10.10.3.4";
    private const string System = "10.10.1.4";

    private static readonly string ToSystem = $"{StoryCluster.AppPod}:* -> {System}:9090";

    public static IReadOnlyList<FindingCase> All { get; } =
    [
        Hit("LAT-010", "a workload of the user pool opens a new port of the system pool", Severity.Medium, c => History(c, 8).At([10, 20], "system", ToSystem)),
        Hit("LAT-010", "the same while SSH is tried from there", Severity.High, c => History(c, 8).At([10, 20], "system", ToSystem).At([600], "system", $"{StoryCluster.AppPod}:* -> {System}:22")),
        Hit("LAT-010", "a new workload: a rollout explains it", Severity.Info, c => NewWorkload(History(c, 8)).At([10, 20], "system", $"10.244.2.30:* -> {System}:9090")),
        Miss("LAT-010", "it happened nine days ago", c => History(c, 12).At([-9 * Day, 10, 20], "system", ToSystem)),
        Miss("LAT-010", "two days of history are too few", c => History(c, 2).At([10, 20], "system", ToSystem)),
        Miss("LAT-010", "another pod of the same workload with another address", c => Sibling(History(c, 12)).At([-9 * Day], "system", ToSystem).At([10, 20], "system", $"10.244.2.31:* -> {System}:9090")),
        Hit("LAT-012", "a node opens a database on a machine", Severity.High, c => c.Leave("user", StoryCluster.Client, 5432, 5)),
        Hit("LAT-012", "a database that the cluster has asked all along", Severity.Low, c => c.At(Every(600, 8), "user", $"{User}:* -> {StoryCluster.Client}:5432", StoryCluster.Allow("user", outbound: true))),
        Hit("LAT-012", "a database that it asks since an hour ago", Severity.High, c => c.Probes("user", 0, 8 * 3600).At(Every(60, 1).Select(s => s + (7 * 3600)), "user", $"{User}:* -> {StoryCluster.Client}:5432", StoryCluster.Allow("user", outbound: true))),
        Hit("LAT-012", "a machine's NSG refuses it", Severity.Low, c => c.At([1, 2], "user", $"{User}:* -> {StoryCluster.Client}:8080", StoryCluster.Deny("user", outbound: true))),
        Miss("LAT-012", "it is declared", c => c.Declare("pool:user", "client-vm", 5432).Leave("user", StoryCluster.Client, 5432, 5)),
        Miss("LAT-012", "the machine calls the cluster", c => c.Clients("user", 0, 30)),
        Hit("LAT-013", "a machine opens a port of a node", Severity.Medium, c => c.Arrive(StoryCluster.Client, "system", System, 8080, 5)),
        Miss("LAT-013", "it goes to the frontend", c => c.Clients("system", 0, 30)),
        Miss("LAT-013", "it is a bastion", c => Bastion(c).Arrive(StoryCluster.Client, "system", System, 8080, 5)),
        Miss("LAT-013", "a node handed it on, as in Local mode with pods of the VNet", c => c.Arrive(StoryCluster.Client, "ingress", StoryCluster.IngressPod, 80, 5)
            .At(Enumerable.Range(0, 5).Select(s => s - 0.01), "user", $"{StoryCluster.Client}:* -> {StoryCluster.IngressPod}:80", StoryCluster.Allow("user", outbound: true))),
        Hit("LAT-014", "a pod of the user pool opens a port of a system node", Severity.Medium, c => c.WithPods().Arrive(StoryCluster.AppPod, "system", System, 9999, 5)),
        Miss("LAT-014", "DNS", c => c.WithPods().Arrive(StoryCluster.AppPod, "system", System, 53, 5)),
        Miss("LAT-014", "the system node runs a workload", c => BusySystem(c.WithPods()).Arrive(StoryCluster.AppPod, "system", System, 9999, 5)),
        Hit("LAT-015", "two gigabytes where megabytes were usual", Severity.Medium, c => Volumes(c, yesterday: 5_000_000, today: 2_000_000_000)),
        Miss("LAT-015", "as much as yesterday", c => Volumes(c, yesterday: 1_900_000_000, today: 2_000_000_000)),
        Miss("LAT-015", "ten times as much, but little", c => Volumes(c, yesterday: 5_000_000, today: 900_000_000)),
    ];

    /// <summary>Both ends are known from other ports, so that nothing but the contact is new.</summary>
    private static StoryCluster History(StoryCluster cluster, int days)
    {
        var past = Enumerable.Range(1, days).Select(d => -d * Day).ToList();
        return cluster.WithPods().At([.. past, 5], "system", $"{StoryCluster.AppPod}:* -> {System}:443");
    }

    private static StoryCluster NewWorkload(StoryCluster cluster)
    {
        cluster.Lake.Address("10.244.2.30", Pod("shop/report-1", "report"));
        return cluster;
    }

    private static StoryCluster Sibling(StoryCluster cluster)
    {
        cluster.Lake.Address("10.244.2.31", Pod("shop/api-2", "api"));
        return cluster;
    }

    private static Dictionary<string, object?> Pod(string name, string workload) =>
        Row(("kind", "pod"), ("name", name), ("pod", name), ("workload", workload), ("node", StoryCluster.Node("user")), ("pool", "user"), ("role", "user"));

    private static StoryCluster Bastion(StoryCluster cluster)
    {
        cluster.Lake.With(ConfigurationTables.Bastions, Row(("name", "jump host"), ("prefix", "10.10.4.0/24")));
        return cluster;
    }

    private static StoryCluster BusySystem(StoryCluster cluster)
    {
        cluster.Lake.With(InventorySchema.Pods, Row(("pod", "shop/worker-1"), ("namespace", "shop"), ("workload", "worker"), ("ip", "10.244.0.77"), ("node", StoryCluster.Node("system"))));
        return cluster;
    }

    private static StoryCluster Volumes(StoryCluster cluster, long yesterday, long today)
    {
        foreach (var (day, bytes) in new[] { (-4, yesterday), (-3, yesterday), (-2, yesterday), (-1, yesterday), (0, today) })
        {
            var flow = $"{User}:{41000 - day} -> {System}:873";
            cluster.Lake.Add(day * Day, StoryCluster.Mac("system"), flow, StoryCluster.Allow("system"));
            cluster.Lake.Add((day * Day) + 60, StoryCluster.Mac("system"), flow, StoryCluster.Allow("system") with { State = "End", Sent = bytes, Received = 1000 });
        }

        return cluster;
    }
}
