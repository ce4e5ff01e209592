using System.Collections.Immutable;

namespace FlowLogAnalyzer.Lab.Model;

/// <summary>
/// The NSGs of a cluster whose owner denied everything and opened what is needed: the state in which all works.
/// Scenarios take rules away from here, or add some.
/// </summary>
internal static class HardenedRules
{
    public const string LoadBalancer = "AllowAzureLoadBalancer";
    public const string Clients = "AllowClientsToFrontend";
    public const string SecondHop = "AllowNodesToIngressPods";
    public const string Apps = "AllowIngressToApps";
    public const string Dns = "AllowClusterDns";
    public const string Kubelet = "AllowMetricsToKubelet";
    public const string DenyRest = "DenyAllOtherInbound";

    public static NsgSet For(LabCluster cluster)
    {
        var plan = cluster.Plan;
        var rules = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<RuleSpec>>(StringComparer.Ordinal);
        foreach (var role in AddressPlan.Roles)
            rules[AddressPlan.NsgOf(role)] = [.. Rules(plan, role).OrderBy(r => r.Priority)];
        rules[AddressPlan.NsgOf("clients")] = [];
        if (cluster.ManagedNicNsg)
            rules[LabIds.ManagedNsg] = [];
        return new NsgSet(rules.ToImmutable());
    }

    public static RuleSpec SecondHopFrom(AddressPlan plan, params string[] roles) => Allow(SecondHop, 120, "Tcp") with
    {
        Sources = [.. roles.Select(AddressPlan.Prefix)],
        Destinations = [plan.PodRange("ingress")],
        Ports = [$"{LabService.TargetPort}"],
    };

    public static RuleSpec Allow(string name, int priority, string protocol) => new(name, priority, "Allow", protocol);

    public static RuleSpec Deny(string name, int priority) => new(name, priority, "Deny", "*");

    private static IEnumerable<RuleSpec> Rules(AddressPlan plan, string role)
    {
        yield return Allow(LoadBalancer, 100, "*") with { Sources = ["AzureLoadBalancer"] };
        yield return Allow(Clients, 110, "Tcp") with
        {
            Sources = [AddressPlan.Prefix("clients")],
            Destinations = [AddressPlan.Frontend + "/32"],
            Ports = [$"{LabService.Port}"],
        };
        yield return Allow(Kubelet, 140, "Tcp") with
        {
            Sources = [AddressPlan.Prefix("system")],
            Destinations = [AddressPlan.Prefix(role)],
            Ports = [$"{LabService.KubeletPort}"],
        };
        yield return Deny(DenyRest, 4000);

        if (role == "ingress")
            yield return SecondHopFrom(plan, [.. AddressPlan.Roles]);
        if (role == "system")
            yield return Allow(Dns, 130, "*") with { Sources = plan.ClusterRanges, Destinations = [plan.PodRange("system")], Ports = ["53"] };
        if (role == "user")
        {
            yield return Allow(Apps, 130, "Tcp") with
            {
                Sources = [plan.PodRange("ingress")],
                Destinations = [plan.PodRange("user")],
                Ports = [$"{LabService.AppPort}"],
            };
        }
    }
}
