using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Tags;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Findings.Rules;

/// <summary>LBC-003, LBC-012 and LBC-013: Services and rules that do not fit each other.</summary>
internal static class ServiceFindings
{
    private const string Prefix = "service.beta.kubernetes.io/";

    public static IEnumerable<Finding> PublicFrontendClosed(EngineContext context)
    {
        foreach (var path in context.Paths.Where(p => !p.Internal))
        {
            var opened = context.State.Nsgs.Where(n => n.IsAksManaged).SelectMany(n => n.Rules).Any(r => Opens(r, path));
            var sql = $"select time, mac, nic_node, src_ip, src_port, dst_ip, dst_port, protocol, nsg, rule_name, rule_class, blob, record_index, tuple_index from client_flows where decision = 'Deny' and src_kind = 'public' and rule_class <> 'aks_managed' and service = {SqlText.Literal(path.Service)} and dst_port = {path.Port} and protocol = {path.Protocol}";
            using var rows = context.Database.Read($"select nsg, rule_name, count(*), min(time), max(time), sorted_set(nic_node) from ({sql}) where nsg is not null group by nsg, rule_name order by nsg, rule_name", null);
            foreach (var row in opened ? rows.Read().ToList() : [])
            {
                var (nsg, rule) = ((string)row[0]!, (string)row[1]!);
                var admitted = context.ClientsOf(path).Any(c => context.Names.Facts(ServicePath.Address(c), context.At).Kind == Inventory.AddressKinds.Public);
                yield return context.Build("LBC-003", admitted ? Severity.Info : Severity.Critical, $"{path.Name} at {nsg}/{rule}",
                    $"The public address {string.Join(", ", path.Frontends)}:{path.Port} ({IpProtocols.Name((byte)path.Protocol)}) of {path.Service} is opened in the NSG of AKS, but not in {nsg}, which is asked first: {rule} refused {row[2]} connections from the internet.",
                    new FindingParts
                    {
                        Nsg = nsg,
                        Rule = rule,
                        Evidence = [new("service", path.Service), new("client", "Internet"), new("destination", path.Frontends[0]), new("nodes", row[5]), new("port", (long)path.Port)],
                        Sql = $"{sql} and nsg = {SqlText.Literal(nsg)} and rule_name = {SqlText.Literal(rule)}",
                        FirstSeen = (DateTime)row[3]!,
                        LastSeen = (DateTime)row[4]!,
                        Fix = $"On {nsg} and the NSG of every other backend subnet, add an inbound Allow: source Internet (or AzureFrontDoor.Backend, or the ranges of your clients), destination {path.Frontends[0]}/32, {IpProtocols.Name((byte)path.Protocol)} port {path.Port}, before {rule}.",
                    });
            }
        }
    }

    public static IEnumerable<Finding> RangesNotEnforced(EngineContext context)
    {
        foreach (var service in context.Model.Inventory.History.Services.Where(s => s.From <= context.At && context.At < s.To).Select(s => s.Entity).OrderBy(s => s.Namespace, StringComparer.Ordinal).ThenBy(s => s.Name, StringComparer.Ordinal))
        {
            var path = context.Paths.FirstOrDefault(p => p.Internal && p.Service == $"{service.Namespace}/{service.Name}");
            var ranges = (service.Annotations.GetValueOrDefault(Prefix + "azure-allowed-ip-ranges") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (path is null || ranges.Length == 0 || service.SourceRanges.Count > 0 || service.Annotations.GetValueOrDefault(Prefix + "azure-deny-all-except-load-balancer-source-ranges") == "true")
                continue;

            var allowed = AddressSet.Parse(ranges.Where(r => AddressRange.TryParse(r, out _)));
            var others = context.State.Nics.Where(n => n.Node is null && n.Ip is not null && !allowed.Contains(ServicePath.Address(n.Ip))).Select(n => n.Ip!).ToList();
            var admitted = others.Where(o => PathNeeds.Clients(path, context.State, [o]).Any(n => context.State.Decide(n.Nic, n.Flow).Decision == Decision.Allow)).Order(StringComparer.Ordinal).ToList();
            if (admitted.Count == 0)
                continue;

            yield return context.Build("LBC-012", Severity.Medium, path.Service,
                $"{path.Service} is internal and allows {string.Join(", ", ranges)} only, but the rules also admit {ShareText.Nodes(admitted)}: for an internal Service the allowed ranges add an Allow, and nothing denies the rest of the virtual network.",
                new FindingParts
                {
                    Evidence = [new("service", path.Service), new("ranges", ranges.ToList()), new("admitted", admitted)],
                    Sql = $"select service, type, traffic_policy, internal, source_ranges from services where service = {SqlText.Literal(path.Service)} and {SqlText.Time(context.At)} >= valid_from and {SqlText.Time(context.At)} < valid_to",
                    Fix = $"Set the annotation {Prefix}azure-deny-all-except-load-balancer-source-ranges: \"true\", or spec.loadBalancerSourceRanges, which kube-proxy enforces as well.",
                });
        }
    }

    public static IEnumerable<Finding> WrongObject(EngineContext context)
    {
        foreach (var path in context.Paths.Where(p => p.FloatingIp))
        {
            var frontends = AddressSet.Parse(path.Frontends);
            var refusing = PathNeeds.Clients(path, context.State, context.ClientsOf(path)).Select(n => context.State.Decide(n.Nic, n.Flow)).Where(d => d.Decision == Decision.Deny)
                .Select(d => d.Nsg?.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
            foreach (var (nsg, place) in context.NodeNsgs.Where(p => refusing.Contains(p.Nsg.Name)))
            {
                foreach (var rule in nsg.Rules.Where(r => r is { IsDefault: false, Decision: Decision.Allow, Direction: Direction.Inbound } && AimsBeside(r, path, frontends) && !context.Hits(nsg, r).Any()))
                {
                    yield return context.Build("LBC-013", Severity.Medium, $"{nsg.Name}/{rule.Name} for {path.Name}",
                        $"{nsg.Name}/{rule.Name} opens {rule.Destination.Prefixes} port {rule.Destination.Ports} and never matched, while clients of {path.Name} are refused there: with floating IP their packets carry {path.Frontends[0]}:{path.Port}, never a node port, a node or a pod.",
                        new FindingParts
                        {
                            Nsg = nsg.Name,
                            Rule = rule.Name,
                            Evidence = [new("service", path.Service), new("destination", path.Frontends[0]), new("port", (long)path.Port), new("nodes", new List<string> { place.Name })],
                            Fix = $"Rewrite {rule.Name}: destination {path.Frontends[0]}/32, port {path.Port}.",
                            Confidence = Confidence.Medium,
                        });
                }
            }
        }
    }

    private static bool Opens(NsgRule rule, ServicePath path) => rule is { Decision: Decision.Allow, Direction: Direction.Inbound } && rule.Name.StartsWith("k8s-azure-lb_allow", StringComparison.OrdinalIgnoreCase)
        && rule.Destination.Prefixes.Any(p => AddressRange.TryParse(p, out var range) && path.Frontends.Any(f => range.Contains(ServicePath.Address(f))))
        && rule.Destination.Ports.Any(p => PortRange.TryParse(p, out var range) && range.Contains((ushort)path.Port));

    /// <summary>Names the Service's port on nodes or pods, or its node port, and not the frontend.</summary>
    private static bool AimsBeside(NsgRule rule, ServicePath path, AddressSet frontends)
    {
        var targets = rule.Destination.Prefixes.Where(p => AddressRange.TryParse(p, out _)).ToList();
        var hits = targets.Count > 0 && frontends.Ranges.All(f => AddressSet.Parse(targets).Contains(f.First));
        var ports = rule.Destination.Ports.Where(p => p != "*").Select(p => PortRange.TryParse(p, out var range) ? range : default).ToList();
        var isNodePort = path.NodePort is { } nodePort && ports.Exists(r => r.Contains((ushort)nodePort)) && !ports.Exists(r => r.Contains((ushort)path.Port));
        var isElsewhere = !hits && targets.Count > 0 && ports.Exists(r => r.Contains((ushort)path.Port))
            && path.Backends.Select(b => b.Ip).Concat(path.Endpoints.Select(e => e.Ip)).Any(a => AddressSet.Parse(targets).Contains(ServicePath.Address(a)));
        return (isNodePort || isElsewhere) && !rule.Source.Prefixes.Any(p => ServiceTagNames.Canonical(p) == ServiceTagNames.AzureLoadBalancer);
    }
}
