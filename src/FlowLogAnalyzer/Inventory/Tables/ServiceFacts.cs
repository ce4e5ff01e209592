using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>A load balancer's rule that the cloud provider made for a Service.</summary>
internal sealed record MatchedRule(Valid<LoadBalancerEntity> LoadBalancer, LbRule Rule)
{
    public LbFrontend? Frontend => LoadBalancer.Entity.Frontends.FirstOrDefault(f => f.Id == Rule.FrontendId);
    public LbProbe? Probe => Rule.ProbeId is null ? null : LoadBalancer.Entity.Probes.FirstOrDefault(p => p.Id == Rule.ProbeId);
    public IEnumerable<LbPool> Pools => LoadBalancer.Entity.Pools.Where(p => Rule.PoolIds.Contains(p.Id, StringComparer.Ordinal));

    /// <summary>The Service ports the rule carries: one, or with an HA-ports rule all of them.</summary>
    public IEnumerable<ServicePort> Ports(ServiceEntity service) =>
        service.Ports.Where(p => Rule.FrontendPort == 0 || (p.Port == Rule.FrontendPort && (Rule.Protocol == Import.IpProtocols.All || p.Protocol == Rule.Protocol)));
}

/// <summary>What is derived about one Service in one moment.</summary>
internal sealed class ServiceFacts
{
    private const string Prefix = "service.beta.kubernetes.io/";

    public ServiceFacts(Moment moment, Valid<ServiceEntity> service)
    {
        (Moment, Service) = (moment, service);
        var rulePrefix = RulePrefix(service.Entity);
        Rules =
        [
            .. moment.LoadBalancers.SelectMany(lb => lb.Entity.Rules
                .Where(r => IsLoadBalancer && r.Name.StartsWith(rulePrefix, StringComparison.OrdinalIgnoreCase)).Select(r => new MatchedRule(lb, r))),
        ];
    }

    public Moment Moment { get; }
    public Valid<ServiceEntity> Service { get; }
    public IReadOnlyList<MatchedRule> Rules { get; }
    public string Name => Moment.ServiceName(Service.Entity);
    public bool IsLoadBalancer => Service.Entity.Type == "LoadBalancer";

    /// <summary>Cluster unless the Service says Local; null for Services that nothing outside reaches.</summary>
    public string? TrafficPolicy => Service.Entity.TrafficPolicy ?? (Service.Entity.Type is "LoadBalancer" or "NodePort" ? "Cluster" : null);
    public bool IsLocal => TrafficPolicy == "Local";

    public bool Internal => Rules.Select(r => r.Frontend).FirstOrDefault(f => f is not null) is { } frontend
        ? frontend.PrivateIp is not null
        : Annotation("azure-load-balancer-internal") == "true";

    public bool FloatingIp => Rules.Count > 0 ? Rules.All(r => r.Rule.FloatingIp) : Annotation("azure-disable-load-balancer-floating-ip") != "true";

    /// <summary>One probe of kube-proxy's health port for all Services with traffic policy Cluster.</summary>
    public bool SharedProbe => IsLoadBalancer && !IsLocal
        && (Rules.Any(r => r.Probe is not null) ? Rules.Any(r => r.Probe is { Port: 10256 or 10356 }) : Moment.SharedProbeMode);

    /// <summary>The value of an annotation of the cloud provider, by its name without the prefix.</summary>
    public string? Annotation(string name) => Service.Entity.Annotations.GetValueOrDefault(Prefix + name);

    /// <summary>The setting of one port, else that of the Service.</summary>
    public string? ProbeAnnotation(int port, string name) =>
        Annotation($"port_{port}_health-probe_{name}") ?? Annotation($"azure-load-balancer-health-probe-{name}");

    /// <summary>The cloud provider names rules after the Service: "a" and the uid without dashes, cut to 32 characters.</summary>
    public static string RulePrefix(ServiceEntity service)
    {
        var name = "a" + service.Id.Replace("-", "", StringComparison.Ordinal);
        return name.Length > 32 ? name[..32] : name;
    }
}
