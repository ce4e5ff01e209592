using FlowLogAnalyzer.Lab.Model;
using FlowLogAnalyzer.Lab.Simulation;

namespace FlowLogAnalyzer.Lab.Scenarios;

/// <summary>What goes wrong with health probes.</summary>
internal static class ProbeScenarios
{
    private const string DenyVnet = "DenyVirtualNetworkInbound";

    public static LabScenario ProbeDenied { get; } = new("probe-denied",
        "Somebody closes the system and user subnets with a rule that denies the tag VirtualNetwork, and takes the rule for AzureLoadBalancer for superfluous, since a default rule allows it. The tag holds 168.63.129.16, so the probes are denied before any rule for the load balancer is looked at, and these nodes go out of service. Clients notice nothing but the load on what is left.")
    {
        Phases = [LabPhase.Of("probes denied", rules => rules
            .Without(HardenedRules.LoadBalancer, "nsg-system", "nsg-user")
            .Without(HardenedRules.DenyRest, "nsg-system", "nsg-user")
            .With(HardenedRules.Deny(DenyVnet, 3000) with { Sources = ["VirtualNetwork"] }, "nsg-system", "nsg-user"))],
        Expected = cluster => [Denied(cluster, "system"), Denied(cluster, "user")],
    };

    public static LabScenario IngressFlapping { get; } = new("ingress-flapping",
        "Two ingress nodes with one ingress pod each. The ingress subnet's NSG lets the other subnets reach the pods, but nobody thought of traffic inside the subnet: each ingress node hands half of its probes and requests to the other, and those are dropped. The healthiest nodes flap.")
    {
        Spec = new LabSpec { IngressNodes = 2, IngressPods = [("ingress", 0), ("ingress", 1)] },
        Phases = [new LabPhase("no rule inside the ingress subnet", (rules, cluster) =>
            rules.With(HardenedRules.SecondHopFrom(cluster.Plan, "system", "user"), "nsg-ingress"))],
        Expected = cluster => [new ExpectedFinding("LBP-003", "critical")
        {
            Nsgs = ["nsg-ingress"],
            Rule = HardenedRules.DenyRest,
            Nodes = cluster.Names("ingress"),
            Port = LabService.TargetPort,
            ExpectedShare = 0.5,
        }],
        AlsoPossible = ["LBP-002"],
    };

    public static LabScenario SharedProbeMask { get; } = new("shared-probe-mask",
        "The cluster uses one shared probe at kube-proxy (port 10356) for all Services of Cluster mode, and the ingress subnet's NSG refuses the other nodes. kube-proxy is fine everywhere, so every node stays green, and two of three connections die at the second hop for ever. Azure's health view shows nothing.")
    {
        Spec = new LabSpec { SharedProbe = true },
        Phases = [LabPhase.Of("second hop denied", rules => rules.Without(HardenedRules.SecondHop, "nsg-ingress"))],
        Expected = cluster => [new ExpectedFinding("LBC-011", "critical")
        {
            Nsgs = ["nsg-ingress"],
            Rule = HardenedRules.DenyRest,
            Nodes = cluster.NamesWithoutIngressPod,
            ExpectedShare = (double)cluster.NamesWithoutIngressPod.Count / cluster.Nodes.Count,
        }],
        AlsoPossible = ["LBP-002"],
    };

    public static LabScenario ProbeSuspect { get; } = new("probe-suspect",
        "The network is right, and yet the user node gets no clients: the probe that reaches it is answered with an error (404, as from a wrong request path). All probe rows at the node are allowed, its second hops too. Not an NSG problem, and the logs can only say where to look.")
    {
        Quirks = new Quirks { BadAnswers = [("user", 0)] },
        Expected = cluster => [new ExpectedFinding("LBP-004", "info") { Nodes = [cluster.Node("user").Name] }],
    };

    public static LabScenario ProbeMissing { get; } = new("probe-missing",
        "The load balancer's export lists the user node as a backend, but no probe reaches it and no client either, while its NIC logs other traffic: a stale export, or a node that left the pool.")
    {
        Quirks = new Quirks { NotProbed = [("user", 0)] },
        Expected = cluster => [new ExpectedFinding("LBP-005", "low") { Nodes = [cluster.Node("user").Name], Port = LabService.NodePort }],
        AlsoPossible = ["LBP-004"],
    };

    private static ExpectedFinding Denied(LabCluster cluster, string role) => new("LBP-001", "high")
    {
        Nsgs = [AddressPlan.NsgOf(role)],
        Rule = DenyVnet,
        Nodes = cluster.Names(role),
        Port = LabService.NodePort,
    };
}
