using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Scenarios;

/// <summary>What goes wrong between clients, the ingress and the applications.</summary>
internal static class ServiceScenarios
{
    public static LabScenario ClientDeniedAtIngress { get; } = new("client-denied-at-ingress",
        "The client was opened on the system and user subnets, and forgotten on the ingress subnet itself. One of three connections, those that the load balancer hands to the ingress node, time out.")
    {
        Phases = [LabPhase.Of("client denied at the ingress", rules => rules.Without(HardenedRules.Clients, "nsg-ingress"))],
        Expected = cluster => cluster.Clients.Select(client => new ExpectedFinding("LBC-002", "medium")
        {
            Nsgs = ["nsg-ingress"],
            Rule = HardenedRules.DenyRest,
            Nodes = cluster.Names("ingress"),
            Client = AddressPlan.Text(client.Ip),
            Port = LabService.Port,
            ExpectedShare = (double)cluster.Names("ingress").Count / cluster.Nodes.Count,
        }),
    };

    public static LabScenario SnatAllowList { get; } = new("snat-allow-list",
        "An Ingress allows only the clients' range (whitelist-source-range), but the Service is in Cluster mode: kube-proxy hides the client behind the node's address, and the controller answers 403 to everybody. The network is right and every connection is made.")
    {
        Spec = new LabSpec { AllowList = AddressPlan.Prefix("clients") },
        Expected = _ => [new ExpectedFinding("LBC-006", "high")],
    };

    public static LabScenario AppHopDenied { get; } = new("app-hop-denied",
        "The last hop is refused: the user subnet's NSG has no rule for pod to pod traffic, so the ingress pod cannot open the application pod. Every connection to the ingress works, and every user gets a 504.")
    {
        Phases = [LabPhase.Of("application hop denied", rules => rules.Without(HardenedRules.Apps, "nsg-user"))],
        Expected = cluster => [new ExpectedFinding("LBC-007", "high")
        {
            Nsgs = ["nsg-user"],
            Rule = HardenedRules.DenyRest,
            Nodes = cluster.Names("user"),
            Port = LabService.AppPort,
        }],
    };

    public static LabScenario LocalStrayPod { get; } = new("local-stray-pod",
        "Local mode, and the scheduler put one of two ingress pods on a user node. That node now answers its health check, so the load balancer sends it half of the connections, and its NSG does not know the client: one of two connections fails.")
    {
        Spec = new LabSpec { LocalPolicy = true, IngressPods = [("ingress", 0), ("user", 0)] },
        Phases = [LabPhase.Of("stray ingress pod", HealthyScenarios.LocalRules)],
        Expected = cluster => [new ExpectedFinding("LBC-009", "high")
        {
            Nsgs = ["nsg-user"],
            Rule = HardenedRules.DenyRest,
            Nodes = [cluster.Node("user").Name],
            Client = AddressPlan.Text(cluster.Clients[0].Ip),
            Port = LabService.Port,
            ExpectedShare = 0.5,
        }],
        AlsoPossible = ["LBC-002"],
    };

    public static LabScenario LocalImbalance { get; } = new("local-imbalance",
        "Local mode with two ingress nodes, one of which runs three ingress pods and the other one. Azure balances over nodes, not pods, so the lonely pod carries three times the connections of the others.")
    {
        Spec = new LabSpec
        {
            LocalPolicy = true,
            IngressNodes = 2,
            IngressPods = [("ingress", 0), ("ingress", 1), ("ingress", 1), ("ingress", 1)],
            Clients = 2,
        },
        Phases = [LabPhase.Of("one pod against three", HealthyScenarios.LocalRules)],
        Expected = cluster => [new ExpectedFinding("LBC-010", "low") { Nodes = [cluster.Node("ingress").Name] }],
    };
}
