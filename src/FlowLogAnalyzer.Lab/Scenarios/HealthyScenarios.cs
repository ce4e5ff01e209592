using FlowLogAnalyzer.Lab.Model;
using FlowLogAnalyzer.Lab.Simulation;

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

    public static LabScenario Noisy { get; } = new("healthy-noisy",
        "A healthy cluster that is never quiet: Prometheus on a user node asks every node and every ingress pod twice a minute, a job calls a database on a machine and an outside address by the clock. With options, other numbers of nodes and other pods under used addresses. Nothing above low may be found once the job's destinations are declared.")
    {
        Spec = new LabSpec { SystemNodes = 2, IngressNodes = 2, UserNodes = 4, Clients = 3, IngressPods = [("ingress", 0), ("ingress", 1)], RequestsPerSecond = 0.5, Monitoring = true },
        Phases = [new LabPhase("all works", (rules, cluster) => Scraped(rules, cluster))],
        Behaviour = world => new Noise(world).Start(),
        // Nobody declared the job's destinations in the lab.
        AlsoPossible = ["LAT-011", "LAT-012"],
    };

    /// <summary>Prometheus may ask nodes and ingress pods.</summary>
    private static NsgSet Scraped(NsgSet rules, LabCluster cluster)
    {
        foreach (var role in AddressPlan.Roles)
            rules = rules.With(HardenedRules.Allow("AllowScrapes", 145, "Tcp") with
            {
                Sources = cluster.Plan.ClusterRanges,
                Destinations = role == "ingress" && !cluster.Plan.FlatPods ? [AddressPlan.Prefix(role), cluster.Plan.PodRange(role)] : [AddressPlan.Prefix(role)],
                Ports = [$"{Noise.ExporterPort}", $"{LabService.KubeletPort}", $"{Noise.PodMetricsPort}"],
            }, AddressPlan.NsgOf(role));
        return rules;
    }

    /// <summary>What a Local-mode cluster needs: the ingress subnet is the only entry, and nodes do not call its pods.</summary>
    public static NsgSet LocalRules(NsgSet rules) => rules
        .Without(HardenedRules.Clients, "nsg-system", "nsg-user")
        .Without(HardenedRules.SecondHop, "nsg-ingress");
}
