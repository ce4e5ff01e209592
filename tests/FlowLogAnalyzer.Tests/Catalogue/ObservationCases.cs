using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Analysis;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;
using static FlowLogAnalyzer.Tests.Catalogue.FindingCase;

namespace FlowLogAnalyzer.Tests.Catalogue;

internal static class ObservationCases
{
    public static IReadOnlyList<FindingCase> All { get; } =
    [
        Hit("OBS-001", "only the subnet's NSG is logged", Severity.High, c => TwoLevels(c, "nsg-v2")),
        Miss("OBS-001", "VNet flow logs", c => TwoLevels(c, "vnet-v4")),
        Hit("OBS-002", "one flow in five comes from an address that nobody owns", Severity.Medium, c => Unowned(c, 20)),
        Miss("OBS-002", "one in a hundred", c => Unowned(c, 1)),
        Hit("OBS-003", "nodes talk WireGuard", Severity.Info, c => c.At([1, 2, 3], "ingress", "10.10.3.4:* -> 10.10.2.4:51871", StoryCluster.Allow("ingress") with { Protocol = 17 })),
        Miss("OBS-003", "the same port over TCP", c => c.At([1, 2, 3], "ingress", "10.10.3.4:* -> 10.10.2.4:51871")),
        Hit("OBS-004", "NSG flow logs", Severity.Info, c => c.At([1, 2, 3], "ingress", $"{StoryCluster.Client}:* -> {StoryCluster.Frontend}:80", StoryCluster.Allow("ingress") with { Format = "nsg-v2" })),
        Miss("OBS-004", "VNet flow logs", c => c.Clients("ingress", 0, 3)),
        Hit("OBS-005", "a node of a size of version 6", Severity.Low, c => Sized(c, "Standard_D4ads_v6", "nsg-v2")),
        Miss("OBS-005", "version 5", c => Sized(c, "Standard_D4ads_v5", "nsg-v2")),
        Miss("OBS-005", "version 6 under VNet flow logs", c => Sized(c, "Standard_D4ads_v6", "vnet-v4")),
    ];

    private static void TwoLevels(StoryCluster cluster, string format)
    {
        cluster.Lake.With(InventorySchema.Nics, Row(("mac", "000D3A0000AA"), ("kind", "node"), ("node", StoryCluster.Node("user")), ("subnet_nsg", "nsg-user"), ("nic_nsg", "aks-agentpool-12345678-nsg")));
        cluster.Lake.Add(0, "000D3A0000AA", "10.10.4.4:1000 -> 10.10.3.4:80", StoryCluster.Deny("user") with { Format = format });
    }

    private static void Unowned(StoryCluster cluster, int inHundred)
    {
        cluster.Lake.Address("10.10.3.77", Row(("kind", "vnet"), ("name", "snet-user")));
        for (var i = 0; i < 100; i++)
            cluster.Lake.Add(i, StoryCluster.Mac("user"), $"{(i < inHundred ? "10.10.3.77" : StoryCluster.Client)}:{2000 + i} -> {StoryCluster.Frontend}:80", StoryCluster.Allow("user"));
    }

    private static void Sized(StoryCluster cluster, string size, string format)
    {
        cluster.Lake.With(InventorySchema.Nodes, Row(("node", "aks-big-12345678-vmss000000"), ("ip", "10.10.5.4"), ("pool", "big"), ("role", "user"), ("vm_size", size)));
        cluster.Lake.With(InventorySchema.Nics, Row(("mac", "000D3A0000BB"), ("kind", "node"), ("node", "aks-big-12345678-vmss000000"), ("subnet_nsg", "nsg-user")));
        cluster.Lake.Add(0, format == "vnet-v4" ? "000D3A0000BB" : StoryCluster.Mac("user"), "10.10.4.4:1000 -> 10.10.3.4:80", StoryCluster.Allow("user") with { Format = format });
        cluster.Lake.Add(1, StoryCluster.Mac("user"), "10.10.4.4:1001 -> 10.10.3.4:80", StoryCluster.Allow("user") with { Format = "nsg-v2" });
    }
}
