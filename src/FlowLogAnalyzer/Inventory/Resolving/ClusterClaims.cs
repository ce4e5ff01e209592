using FlowLogAnalyzer.Inventory.Tables;
using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory.Resolving;

/// <summary>What the cluster claims: frontends, nodes, pods, pod ranges, Service addresses and the API server.</summary>
internal static class ClusterClaims
{
    public static void Add(Moment moment, IReadOnlyList<ServiceFacts> services, ClaimBook book)
    {
        AddFrontends(moment, services, book);
        AddNodes(moment, book);
        AddPods(moment, book);
        AddServiceAddresses(moment, book);
        AddClusters(moment, book);
        AddApiServer(moment, book);
    }

    private static void AddFrontends(Moment moment, IReadOnlyList<ServiceFacts> services, ClaimBook book)
    {
        var claims = new List<(string Ip, string Service, IInterval[] Lives)>();
        foreach (var facts in services.Where(s => s.IsLoadBalancer))
        {
            foreach (var rule in facts.Rules)
                claims.AddRange(ServiceTables.Ips(facts, rule).Select(ip => (ip, facts.Name, (IInterval[])[facts.Service, rule.LoadBalancer])));

            if (facts.Rules.Count == 0)
                claims.AddRange(facts.Service.Entity.LoadBalancerIps.Select(ip => (ip, facts.Name, (IInterval[])[facts.Service])));
        }

        // Several Services may share one address: the ports tell them apart, not the address.
        foreach (var group in claims.GroupBy(c => (c.Ip, Validity: moment.Clip(c.Lives))))
        {
            var names = string.Join(',', group.Select(c => c.Service).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            book.Add(group.Key.Ip, Frontend(names, names, group.Key.Validity));
        }

        var known = claims.Select(c => c.Ip).ToHashSet(StringComparer.Ordinal);
        foreach (var balancer in moment.LoadBalancers)
            foreach (var frontend in balancer.Entity.Frontends)
                if (ServiceTables.FrontendIp(moment, frontend) is { } ip && !known.Contains(ip))
                    book.Add(ip, Frontend($"{balancer.Entity.Name}/{frontend.Name}", null, moment.Clip(balancer)));
    }

    private static AddressClaim Frontend(string name, string? service, (DateTime From, DateTime To) validity) =>
        new(ClaimRank.Frontend, new AddressFacts(AddressKinds.Frontend, name) { Service = service }, validity.From, validity.To);

    private static void AddNodes(Moment moment, ClaimBook book)
    {
        foreach (var node in moment.Nodes)
        {
            var validity = moment.Clip(node.Node);
            foreach (var ip in node.Node.Entity.Ips)
                book.Add(ip, ClaimRank.Node, OnNode(AddressKinds.Node, node.Node.Entity.Name, node), node.Node, validity);

            foreach (var cidr in node.Node.Entity.PodCidrs)
                book.AddPrefix(cidr, new AddressClaim(ClaimRank.NodePodCidr, OnNode(AddressKinds.PodUnknown, null, node), validity.From, validity.To));
        }
    }

    private static void AddPods(Moment moment, ClaimBook book)
    {
        foreach (var pod in moment.Pods.Where(p => !p.Entity.HostNetwork))
        {
            var node = moment.NodesByName(pod.Entity.Node).LastOrDefault(n => n.Node.Overlaps(pod.From, pod.To));
            var name = $"{pod.Entity.Namespace}/{pod.Entity.Name}";
            var facts = new AddressFacts(AddressKinds.Pod, name)
            {
                Node = pod.Entity.Node,
                Pod = name,
                Workload = pod.Entity.Workload,
                Pool = node?.Pool,
                Role = node?.Role,
            };
            foreach (var ip in pod.Entity.Ips)
                book.Add(ip, ClaimRank.Pod, facts, pod, moment.Clip(pod));
        }
    }

    private static void AddServiceAddresses(Moment moment, ClaimBook book)
    {
        foreach (var service in moment.Services)
        {
            var name = Moment.ServiceName(service.Entity);
            var validity = moment.Clip(service);
            foreach (var ip in service.Entity.ClusterIps)
                book.AddPrefix(ip, new AddressClaim(ClaimRank.ServiceCidr, new AddressFacts(AddressKinds.ServiceCidr, name) { Service = name }, validity.From, validity.To));
        }
    }

    private static void AddClusters(Moment moment, ClaimBook book)
    {
        foreach (var cluster in moment.Clusters)
        {
            var (from, to) = moment.Clip(cluster);
            foreach (var cidr in cluster.Entity.PodCidrs)
                book.AddPrefix(cidr, new AddressClaim(ClaimRank.ClusterPodCidr, new AddressFacts(AddressKinds.PodUnknown, null), from, to));
            foreach (var cidr in cluster.Entity.ServiceCidrs)
                book.AddPrefix(cidr, new AddressClaim(ClaimRank.ServiceCidr, new AddressFacts(AddressKinds.ServiceCidr, null), from, to));
        }
    }

    /// <summary>The endpoints of default/kubernetes are the API server's addresses; with VNet integration it has a subnet.</summary>
    private static void AddApiServer(Moment moment, ClaimBook book)
    {
        var facts = new AddressFacts(AddressKinds.ApiServer, "kube-apiserver");
        foreach (var slice in moment.Slices.Where(s => s.Entity is { Namespace: "default", ServiceName: "kubernetes" }))
            foreach (var endpoint in slice.Entity.Endpoints)
                book.Add(endpoint.Ip, ClaimRank.ApiServer, facts, slice, moment.Clip(slice));

        foreach (var cluster in moment.Clusters)
            if (moment.Subnet(cluster.Entity.ApiServerSubnetId) is { } subnet)
                foreach (var prefix in subnet.Prefixes)
                    book.AddPrefix(prefix, new AddressClaim(ClaimRank.ApiServer, facts, moment.Clip(cluster).From, moment.Clip(cluster).To));
    }

    internal static AddressFacts OnNode(string kind, string? name, NodeFacts node) =>
        new(kind, name) { Node = node.Node.Entity.Name, Pool = node.Pool, Role = node.Role };
}
