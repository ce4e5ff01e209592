using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Tests.Analysis;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;
using static FlowLogAnalyzer.Tests.Catalogue.CaseTools;
using static FlowLogAnalyzer.Tests.Catalogue.FindingCase;
using Tuple = FlowLogAnalyzer.Tests.Analysis.Tuple;

namespace FlowLogAnalyzer.Tests.Catalogue;

internal static class EgressCases
{
    private const string Api = "20.76.11.12";
    private const string Dns = "10.244.0.53";

    public static IReadOnlyList<FindingCase> All { get; } =
    [
        Hit("EGR-001", "outbound type userDefinedRouting, and the rule for the internet decides", Severity.Medium, c => Firewall(c).Leave("user", Outside, 443, 5)),
        Hit("EGR-001", "another port, and flowlog.json expects the firewall", Severity.High, c => Expected(c.WithPublic()).Leave("user", Outside, 8080, 5)),
        Miss("EGR-001", "the subnet's default route leads to an appliance", c => Routed(Firewall(c)).Leave("user", Outside, 443, 5)),
        Miss("EGR-001", "with that route the internet lies inside VirtualNetwork", c => Firewall(c).Leave("user", Outside, 443, 5, new() { Rule = "DefaultRule_AllowVnetOutBound" })),
        Miss("EGR-001", "outbound type loadBalancer", c => c.WithPublic().Leave("user", Outside, 443, 5)),
        Hit("EGR-002", "the registry of the node images is denied", Severity.High, c => c.WithPublic(name: "MicrosoftContainerRegistry").Leave("user", Outside, 443, 5, DenyOut("user"))),
        Hit("EGR-002", "time is denied", Severity.Low, c => c.WithPublic().Leave("user", Outside, 123, 5, DenyOut("user", 17))),
        Miss("EGR-002", "an address that no service tag knows", c => c.WithPublic().WithPublic("20.1.2.3", "MicrosoftContainerRegistry").Leave("system", "20.1.2.3", 443, 5).Leave("user", Outside, 443, 5, DenyOut("user"))),
        Miss("EGR-002", "port 80", c => c.WithPublic(name: "MicrosoftContainerRegistry").Leave("user", Outside, 80, 5, DenyOut("user"))),
        Hit("EGR-003", "the cluster's DNS is denied to the user pool", Severity.Critical, c => CoreDns(c).Arrive("10.10.3.4", "system", Dns, 53, 5, deny: true)),
        Hit("EGR-003", "a public name server is denied", Severity.Low, c => c.WithPublic().Leave("user", Outside, 53, 5, DenyOut("user", 17))),
        Miss("EGR-003", "port 53 of a node, tried in a port scan", c => c.WithPods().Arrive("10.10.3.4", "ingress", "10.10.2.4", 53, 5, deny: true)),
        Miss("EGR-003", "DNS that works", c => CoreDns(c).Arrive("10.10.3.4", "system", Dns, 53, 5)),
        Hit("EGR-004", "nodes are kept from the API server", Severity.Critical, c => ApiServer(c).Leave("user", Api, 443, 5, DenyOut("user"))),
        Miss("EGR-004", "another port of it", c => ApiServer(c).Leave("user", Api, 8443, 5, DenyOut("user"))),
        Miss("EGR-004", "it is reached", c => ApiServer(c).Leave("user", Api, 443, 5)),
        Hit("EGR-005", "a user node asks the metadata service", Severity.Medium, c => Platform(c, "169.254.169.254").Leave("user", "169.254.169.254", 80, 2)),
        Miss("EGR-005", "the platform's other address", c => Platform(c, "168.63.129.16").Leave("user", "168.63.129.16", 80, 2)),
        Hit("EGR-006", "a node sends to a cluster address", Severity.Medium, c => ServiceAddress(c).Leave("user", "10.0.0.10", 443, 5)),
        Miss("EGR-006", "the service range overlaps a subnet", c => Overlap(ServiceAddress(c)).Leave("user", "10.0.0.10", 443, 5)),
        Hit("EGR-008", "two gigabytes to an address that nobody called in thirty hours", Severity.Medium, c => Upload(c, 2_000_000_000)),
        Hit("EGR-008", "twelve gigabytes", Severity.High, c => Upload(c, 12_000_000_000)),
        Miss("EGR-008", "a few hundred megabytes", c => Upload(c, 400_000_000)),
        Miss("EGR-008", "an address of the same /24 was called the day before", c => Upload(c.WithPublic("203.0.113.77").At([-90_000], "user", $"{StoryCluster.Ip("user")}:* -> 203.0.113.77:443", Out), 2_000_000_000)),
        Miss("EGR-008", "the logs are no older than the contact", c => Upload(c, 2_000_000_000, history: 3600)),
        Miss("EGR-008", "it is declared", c => Upload(c.Declare("pool:user", "203.0.113.0/24", 443), 2_000_000_000)),
        Hit("EGR-007", "a remote shell's port outside", Severity.Medium, c => c.WithPublic().Leave("user", Outside, 4444, 5)),
        Miss("EGR-007", "port 443", c => c.WithPublic().Leave("user", Outside, 443, 5)),
        Miss("EGR-007", "a database that is declared", c => c.WithPublic().Declare("*", Outside, 5432).Leave("user", Outside, 5432, 5)),
    ];

    private static StoryCluster Firewall(StoryCluster cluster)
    {
        cluster.OutboundType = "userDefinedRouting";
        return cluster.WithPublic();
    }

    private static StoryCluster Expected(StoryCluster cluster)
    {
        cluster.Lake.With(ConfigurationTables.Settings, Row(("name", "egress"), ("value", "firewall")));
        return cluster;
    }

    private static StoryCluster Routed(StoryCluster cluster)
    {
        cluster.Lake.With(InventorySchema.Subnets, Row(("subnet", "snet-user"), ("prefixes", "10.10.3.0/24"), ("default_route", "VirtualAppliance 10.10.0.4")));
        return cluster;
    }

    private static StoryCluster CoreDns(StoryCluster cluster)
    {
        cluster.Lake.Address(Dns, Row(("kind", "pod"), ("name", "kube-system/coredns-1"), ("pod", "kube-system/coredns-1"), ("workload", "coredns"), ("node", StoryCluster.Node("system")), ("pool", "system"), ("role", "system")));
        cluster.Lake.With(InventorySchema.Endpoints, Row(("service", "kube-system/kube-dns"), ("port", 53), ("ip", Dns), ("target_port", 53), ("node", StoryCluster.Node("system")), ("ready", true)));
        return cluster;
    }

    private static StoryCluster ApiServer(StoryCluster cluster)
    {
        cluster.Lake.Address(Api, Row(("kind", "apiserver"), ("name", "kube-apiserver")));
        return cluster;
    }

    private static StoryCluster Platform(StoryCluster cluster, string ip)
    {
        cluster.WithPods().Lake.Address(ip, Row(("kind", "platform"), ("name", ip)));
        return cluster;
    }

    private static StoryCluster ServiceAddress(StoryCluster cluster)
    {
        cluster.Lake.Address("10.0.0.10", Row(("kind", "service_cidr"), ("name", "kube-system/kube-dns")));
        return cluster;
    }

    private static StoryCluster Overlap(StoryCluster cluster)
    {
        cluster.Lake.With(InventorySchema.Subnets, Row(("subnet", "snet-old"), ("prefixes", "10.9.0.0/24,10.0.0.0/24")));
        return cluster;
    }

    private static Tuple Out => StoryCluster.Allow("user", outbound: true) with { Rule = "DefaultRule_AllowInternetOutBound" };

    /// <summary>So many bytes leave the user node within minutes, some hours after the logs began.</summary>
    private static StoryCluster Upload(StoryCluster cluster, long bytes, double history = 30 * 3600)
    {
        cluster.WithPublic().Probes("user", -history, -history + 30);
        cluster.Lake.Add(10, StoryCluster.Mac("user"), $"{StoryCluster.Ip("user")}:40000 -> {Outside}:443", Out);
        for (var i = 1; i <= 4; i++)
            cluster.Lake.Add(10 + (i * 60), StoryCluster.Mac("user"), $"{StoryCluster.Ip("user")}:40000 -> {Outside}:443", Out with { State = "Continuing", Sent = bytes / 4, Received = 1000 });
        return cluster;
    }
}
