using System.Globalization;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>
/// The table probes. The load balancer's export is the authority; without it the Service tells what the cloud provider
/// makes of it (cloud-provider-azure, azure_loadbalancer_healthprobe.go): node port, or the health-check node port in
/// Local mode, or kube-proxy's health port in shared mode, or a port that an annotation names.
/// </summary>
internal static class ProbeTable
{
    private const int SharedPort = 10356;
    private const int DefaultInterval = 5;
    private const int DefaultThreshold = 2;

    public static void Add(ServiceFacts facts, RowCollector probes)
    {
        if (!facts.IsLoadBalancer)
            return;

        foreach (var rule in facts.Rules.Where(r => r.Probe is not null))
            foreach (var port in rule.Ports(facts.Service.Entity))
                AddExported(facts, rule, port, probes);

        if (facts.Rules.Count == 0)
            foreach (var port in facts.Service.Entity.Ports.Where(p => HasProbe(facts, p)))
                AddDerived(facts, port, probes);
    }

    private static void AddExported(ServiceFacts facts, MatchedRule rule, ServicePort port, RowCollector probes)
    {
        var probe = rule.Probe!;
        var kind = probe.Port == port.NodePort ? "node-port"
            : facts.IsLocal && probe.Port == facts.Service.Entity.HealthCheckNodePort ? "health-check"
            : probe.Port is 10256 or SharedPort ? "shared"
            : "custom";
        probes.Add(
            facts.Moment.Clip(facts.Service, rule.LoadBalancer), facts.Name, port.Port, probe.Port, probe.Protocol, probe.Path,
            probe.IntervalSeconds ?? DefaultInterval, probe.Threshold ?? DefaultThreshold, kind, "lb");
    }

    /// <summary>UDP and SCTP cannot be probed; a rule or a probe can be switched off per port.</summary>
    private static bool HasProbe(ServiceFacts facts, ServicePort port) =>
        port.Protocol == IpProtocols.Tcp && facts.Annotation($"port_{port.Port}_no_lb_rule") != "true" && facts.Annotation($"port_{port.Port}_no_probe_rule") != "true";

    private static void AddDerived(ServiceFacts facts, ServicePort port, RowCollector probes)
    {
        if (Target(facts, port) is not var (number, kind))
            return;

        var fixedHttp = kind is "shared" or "health-check";
        var protocol = fixedHttp ? "http" : (facts.ProbeAnnotation(port.Port, "protocol") ?? AppProtocol(port)).ToLowerInvariant();
        var path = fixedHttp ? "/healthz" : protocol == "tcp" ? null : facts.ProbeAnnotation(port.Port, "request-path") ?? "/";
        probes.Add(
            facts.Moment.Clip(facts.Service), facts.Name, port.Port, number, protocol, path,
            Number(facts.ProbeAnnotation(port.Port, "interval")) ?? DefaultInterval, Number(facts.ProbeAnnotation(port.Port, "num-of-probe")) ?? DefaultThreshold, kind, "service");
    }

    private static (int Port, string Kind)? Target(ServiceFacts facts, ServicePort port)
    {
        if (facts.SharedProbe)
            return (SharedPort, "shared");

        if (facts.Annotation($"port_{port.Port}_health-probe_port") is { } wanted)
            return Custom(facts, wanted) is { } custom ? (custom, "custom") : null;

        if (facts.IsLocal && facts.Service.Entity.HealthCheckNodePort is { } health and > 0)
            return (health, "health-check");

        return port.NodePort is { } nodePort ? (nodePort, "node-port") : null;
    }

    /// <summary>A name or number of a Service port means that port's node port; any other number means itself.</summary>
    private static int? Custom(ServiceFacts facts, string wanted)
    {
        var named = facts.Service.Entity.Ports.FirstOrDefault(p => p.Name == wanted || p.Port.ToString(CultureInfo.InvariantCulture) == wanted);
        return named?.NodePort ?? Number(wanted);
    }

    /// <summary>Kubernetes 1.24 and later probe by HTTP when the port says that it speaks it.</summary>
    private static string AppProtocol(ServicePort port) => port.AppProtocol?.ToLowerInvariant() is "http" or "https" ? port.AppProtocol.ToLowerInvariant() : "tcp";

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
