using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Scenarios;

/// <summary>The two outages of the story, alone and in sequence.</summary>
internal static class StoryScenarios
{
    private const string State1 = "state 1: second hop denied";
    private const string State2 = "state 2: client denied on other nodes";
    private const string State3 = "state 3: all works";

    public static LabScenario SecondHopDenied { get; } = new("second-hop-denied",
        "State 1 of the story: the ingress subnet's NSG refuses the other nodes, so the probes that system and user nodes forward to the ingress pod time out, and the load balancer takes these nodes out. For about ten seconds two of three connections fail (the other subnets do not know the client either), then all go to the ingress node and work: the outage hides itself, and redundancy is gone.")
    {
        Phases = [LabPhase.Of(State1, Broken1)],
        Expected = cluster => [SecondHop(cluster, null)],
        AlsoPossible = ["LBC-001"],
    };

    public static LabScenario ClientDenied { get; } = new("client-denied",
        "State 2 of the story: the second hop is open, so all nodes are healthy, but only the ingress subnet's NSG knows the client. The load balancer spreads new connections over three nodes and two of them refuse: two of three connections time out, for good.")
    {
        Phases = [LabPhase.Of(State2, Broken2)],
        Expected = cluster => ClientRefused(cluster, null),
    };

    public static LabScenario Story { get; } = new("story",
        "The whole story in one hour of twenty minutes each: state 1 (second hop denied, hidden by the load balancer), then the fix of the probes makes it worse: state 2 (client denied on system and user nodes, two of three connections fail), then state 3 (client allowed everywhere, nothing fails). The inventory is exported at each change of the rules.")
    {
        Minutes = 60,
        Phases = [LabPhase.Of(State1, Broken1), LabPhase.Of(State2, Broken2), LabPhase.Of(State3, rules => rules)],
        Expected = cluster => [SecondHop(cluster, State1), .. ClientRefused(cluster, State2)],
    };

    private static NsgSet Broken2(NsgSet rules) => rules.Without(HardenedRules.Clients, "nsg-system", "nsg-user");

    private static NsgSet Broken1(NsgSet rules) => Broken2(rules).Without(HardenedRules.SecondHop, "nsg-ingress");

    private static ExpectedFinding SecondHop(LabCluster cluster, string? phase) => new("LBP-002", "medium")
    {
        Nsgs = ["nsg-ingress"],
        Rule = HardenedRules.DenyRest,
        Nodes = cluster.NamesWithoutIngressPod,
        Port = LabService.TargetPort,
        Phase = phase,
    };

    private static IEnumerable<ExpectedFinding> ClientRefused(LabCluster cluster, string? phase) => cluster.Clients.Select(client =>
        new ExpectedFinding("LBC-001", "high")
        {
            Nsgs = ["nsg-system", "nsg-user"],
            Rule = HardenedRules.DenyRest,
            Nodes = cluster.Names("system", "user"),
            Client = AddressPlan.Text(client.Ip),
            Port = LabService.Port,
            ExpectedShare = (double)cluster.Names("system", "user").Count / cluster.Nodes.Count,
            Phase = phase,
        });
}
