using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Scenarios;

internal static class HealthyScenarios
{
    public static LabScenario Cluster { get; } = new("healthy-cluster",
        "A hardened cluster in Cluster mode on which all is right: every NSG denies what it does not know and knows the probes, the clients, the second hop, DNS, kubelet scrapes and the application hop. Clients get an answer through any node. Nothing above info may be found.");

    public static LabScenario Local { get; } = new("healthy-local",
        "The same cluster in Local mode: only the ingress node answers its health check (port 31049), the others say 503 by design and get no clients, and only the ingress subnet's NSG knows the clients. Nothing above info may be found.")
    {
        Spec = new LabSpec { LocalPolicy = true },
        Phases = [new LabPhase("all works", (rules, _) => LocalRules(rules))],
    };

    /// <summary>What a Local-mode cluster needs: the ingress subnet is the only entry, and nodes do not call its pods.</summary>
    public static NsgSet LocalRules(NsgSet rules) => rules
        .Without(HardenedRules.Clients, "nsg-system", "nsg-user")
        .Without(HardenedRules.SecondHop, "nsg-ingress");
}
