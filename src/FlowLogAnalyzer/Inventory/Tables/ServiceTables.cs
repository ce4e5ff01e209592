using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>The tables services, service_ports, frontends and backends.</summary>
internal static class ServiceTables
{
    public static void AddService(ServiceFacts facts, RowCollector services, RowCollector ports)
    {
        var service = facts.Service.Entity;
        var validity = facts.Moment.Clip(facts.Service);
        var ranges = service.SourceRanges.Concat((facts.Annotation("azure-allowed-ip-ranges") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal).ToList();
        services.Add(
            validity, facts.Name, service.Namespace, service.Name, service.Type, facts.TrafficPolicy, service.ClusterIps.Count > 0 ? service.ClusterIps[0] : null,
            service.Affinity ?? "None", facts.IsLoadBalancer && facts.Internal, facts.FloatingIp, facts.SharedProbe, facts.Moment.Controllers.IsController(service),
            ranges.Count > 0 ? string.Join(',', ranges) : null, service.Created);
        foreach (var port in service.Ports)
            ports.Add(validity, facts.Name, port.Name, port.Protocol, port.Port, port.NodePort, facts.IsLocal ? service.HealthCheckNodePort : null, port.AppProtocol);
    }

    public static void AddFrontends(ServiceFacts facts, RowCollector frontends)
    {
        if (!facts.IsLoadBalancer)
            return;

        foreach (var rule in facts.Rules)
            foreach (var ip in Ips(facts, rule))
                foreach (var port in rule.Ports(facts.Service.Entity))
                    frontends.Add(
                        facts.Moment.Clip(facts.Service, rule.LoadBalancer), facts.Name, ip, port.Port, port.Protocol, rule.Rule.FloatingIp,
                        rule.Rule.Distribution ?? "Default", rule.Frontend?.PrivateIp is not null);

        if (facts.Rules.Count == 0)
            foreach (var ip in facts.Service.Entity.LoadBalancerIps)
                foreach (var port in facts.Service.Entity.Ports.Where(p => facts.Annotation($"port_{p.Port}_no_lb_rule") != "true"))
                    frontends.Add(
                        facts.Moment.Clip(facts.Service), facts.Name, ip, port.Port, port.Protocol, facts.FloatingIp,
                        facts.Service.Entity.Affinity == "ClientIP" ? "SourceIP" : "Default", facts.Internal);
    }

    /// <summary>The address of a rule's frontend; a public one whose public-ip export is missing is what the Service's status says.</summary>
    public static IReadOnlyList<string> Ips(ServiceFacts facts, MatchedRule rule) =>
        FrontendIp(facts.Moment, rule.Frontend) is { } ip ? [ip] : facts.Service.Entity.LoadBalancerIps;

    public static string? FrontendIp(Timeline.Moment moment, LbFrontend? frontend) => frontend is null
        ? null
        : frontend.PrivateIp ?? frontend.PublicIp
            ?? moment.PublicIps.FirstOrDefault(p => p.Entity.Id == frontend.PublicIpId || p.Entity.IpConfigurationId == frontend.Id)?.Entity.Ip;

    public static void AddBackends(ServiceFacts facts, RowCollector backends)
    {
        if (!facts.IsLoadBalancer)
            return;

        var members = facts.Rules.SelectMany(r => r.Pools.SelectMany(p => Members(facts, p)).Select(n => (Node: n, r.LoadBalancer))).ToList();
        foreach (var (node, loadBalancer) in members)
            backends.Add(facts.Moment.Clip(facts.Service, loadBalancer, node.Node), facts.Name, node.Node.Entity.Name, Ip(node));

        // Without the pool's members: the cloud provider adds every node that is not labelled out.
        if (members.Count == 0)
            foreach (var node in facts.Moment.Nodes.Where(n => !NodeTables.IsExcluded(n.Node.Entity) && n.Node.Entity.Ready != false))
                backends.Add(facts.Moment.Clip(facts.Service, node.Node), facts.Name, node.Node.Entity.Name, Ip(node));
    }

    private static IEnumerable<NodeFacts> Members(ServiceFacts facts, LbPool pool) =>
        pool.Ips.SelectMany(facts.Moment.NodesByIp).Concat(pool.IpConfigurationIds.SelectMany(facts.Moment.NodesOfIpConfiguration));

    private static string? Ip(NodeFacts node) => node.Node.Entity.Ips.Count > 0 ? node.Node.Entity.Ips[0] : null;
}
