using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary><c>az network lb list</c>: the authority for probes, frontends and backend members.</summary>
internal static class LoadBalancerReader
{
    public static LoadBalancerEntity Read(JsonElement item) => new()
    {
        Frontends =
        [
            .. item.Items("frontendIPConfigurations").Select(f => new LbFrontend(
                f.ArmId("id") ?? "", f.Text("name") ?? "", f.Text("privateIPAddress"), f.ArmId("publicIPAddress.id"), f.Text("publicIPAddress.ipAddress")))
                .OrderBy(f => f.Id, StringComparer.Ordinal),
        ],
        Rules = [.. item.Items("loadBalancingRules").Select(ReadRule).OrderBy(r => r.Name, StringComparer.Ordinal)],
        Probes =
        [
            .. item.Items("probes").Select(p => new LbProbe(
                p.ArmId("id") ?? "", p.Text("name") ?? "", (p.Text("protocol") ?? "Tcp").ToLowerInvariant(), p.Int("port") ?? 0, p.Text("requestPath"))
            {
                IntervalSeconds = p.Int("intervalInSeconds"),
                // probeThreshold replaced numberOfProbes, which the platform no longer honours.
                Threshold = p.Int("probeThreshold") ?? p.Int("numberOfProbes"),
            }).OrderBy(p => p.Id, StringComparer.Ordinal),
        ],
        Pools = [.. item.Items("backendAddressPools").Select(ReadPool).OrderBy(p => p.Id, StringComparer.Ordinal)],
    };

    private static LbRule ReadRule(JsonElement rule) => new(
        rule.Text("name") ?? "", IpProtocols.Parse(rule.Text("protocol")), rule.Int("frontendPort") ?? 0, rule.Int("backendPort") ?? 0,
        rule.ArmId("frontendIPConfiguration.id") ?? "")
    {
        FloatingIp = rule.Bool("enableFloatingIP") ?? false,
        Distribution = rule.Text("loadDistribution"),
        ProbeId = rule.ArmId("probe.id"),
        PoolIds =
        [
            .. rule.Items("backendAddressPools").Select(p => p.ArmId("id")).Append(rule.ArmId("backendAddressPool.id")).OfType<string>()
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ],
    };

    private static LbPool ReadPool(JsonElement pool)
    {
        var addresses = pool.Items("loadBalancerBackendAddresses").ToList();
        var configurations = pool.Items("backendIPConfigurations").Select(c => c.ArmId("id"))
            .Concat(addresses.Select(a => a.ArmId("networkInterfaceIPConfiguration.id")));
        return new LbPool(
            pool.ArmId("id") ?? "", pool.Text("name") ?? "",
            [.. addresses.Select(a => a.Text("ipAddress")).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [.. configurations.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }
}
