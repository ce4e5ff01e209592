using FlowLogAnalyzer.Lab.Model;
using FlowLogAnalyzer.Lab.Simulation;

namespace FlowLogAnalyzer.Lab.Scenarios;

/// <summary>Somebody inside does what no workload does.</summary>
internal static class AbuseScenarios
{
    public static LabScenario LateralMovement { get; } = new("lateral-movement",
        "A healthy cluster of eight nodes, and a shell on the first user node: it tries SSH at all nodes (its neighbours let it in, thanks to a rule that trusts the whole user subnet), sweeps port 445 over nodes, client VMs and empty addresses, scans many ports of an ingress node, and asks every kubelet.")
    {
        Spec = new LabSpec { SystemNodes = 2, IngressNodes = 2, UserNodes = 4, Clients = 4, IngressPods = [("ingress", 0), ("ingress", 1)], RequestsPerSecond = 0.5 },
        Phases = [LabPhase.Of("intruder on a user node", Trusting)],
        Behaviour = world => new LateralMovement(world).Start(),
        Expected = cluster =>
        [
            By(cluster, "LAT-003", "high", 22),
            By(cluster, "LAT-004", "high", LabService.KubeletPort),
            By(cluster, "LAT-007", "high", 445),
            By(cluster, "LAT-008", "high", null),
        ],
        AlsoPossible = ["LAT-005", "LAT-006", "LAT-009", "LAT-010", "LAT-012", "LAT-014"],
    };

    public static LabScenario Beaconing { get; } = new("beacon",
        "A healthy cluster for most of a working day, and something in a pod on the user node that asks an outside address for orders every five minutes: few bytes over the port that everybody uses, and only the rhythm gives it away.")
    {
        Minutes = 400,
        Spec = new LabSpec { RequestsPerSecond = 0.05 },
        Behaviour = world => new Beacon(world).Start(),
        Expected = cluster => [By(cluster, "LAT-011", "medium", Beacon.Port)],
    };

    public static LabScenario LocalNodeToIngress { get; } = new("local-node-to-ingress",
        "Local mode, in which no outside traffic crosses nodes, and yet the user node opens the ingress pod on another node every twenty seconds: something on that node does it. A rule left from the days of Cluster mode lets it through.")
    {
        Spec = new LabSpec { LocalPolicy = true },
        Phases = [LabPhase.Of("direct calls", rules => rules.Without(HardenedRules.Clients, "nsg-system", "nsg-user"))],
        Behaviour = world => new HostProcess(world).Start(),
        Expected = cluster => [By(cluster, "LAT-001", "medium", LabService.TargetPort)],
    };

    public static LabScenario Mixed { get; } = new("mixed",
        "Two outages and an intruder at once: the system subnet's NSG has lost the rule for the load balancer's probes, so these nodes are out of service; the user subnet's NSG does not know the clients, so that four of the six healthy nodes refuse them; and somebody on the first user node looks around as in lateral-movement.")
    {
        Spec = LateralMovement.Spec,
        Phases = [LabPhase.Of("two outages and an intruder", rules => Trusting(rules)
            .Without(HardenedRules.LoadBalancer, "nsg-system")
            .Without(HardenedRules.Clients, "nsg-user"))],
        Behaviour = LateralMovement.Behaviour,
        Expected = cluster =>
        [
            .. LateralMovement.Expected(cluster),
            new ExpectedFinding("LBP-001", "high") { Nsgs = ["nsg-system"], Rule = HardenedRules.DenyRest, Nodes = cluster.Names("system") },
            .. cluster.Clients.Select(client => new ExpectedFinding("LBC-001", "high")
            {
                Nsgs = ["nsg-user"],
                Rule = HardenedRules.DenyRest,
                Nodes = cluster.Names("user"),
                Client = AddressPlan.Text(client.Ip),
                Port = LabService.Port,
            }),
        ],
        AlsoPossible = LateralMovement.AlsoPossible,
    };

    /// <summary>User nodes trust each other, and nobody lets the cluster in to the clients.</summary>
    private static NsgSet Trusting(NsgSet rules) => rules
        .With(HardenedRules.Allow("AllowInsideUserSubnet", 150, "*") with { Sources = [AddressPlan.Prefix("user")], Destinations = [AddressPlan.Prefix("user")] }, "nsg-user")
        .With(HardenedRules.Deny("DenyClusterToClients", 200) with { Sources = AddressPlan.NodePrefixes }, "nsg-clients");

    private static ExpectedFinding By(LabCluster cluster, string id, string severity, int? port) => new(id, severity)
    {
        Source = AddressPlan.Text(cluster.Node("user").Ip),
        Nodes = [cluster.Node("user").Name],
        Port = port,
    };
}
