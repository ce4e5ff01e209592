using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;
using FlowLogAnalyzer.Inventory.Timeline;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Import;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Network;

/// <summary>What an inventory says about one epoch, without the rules: NICs, subnets and what tags stand for on them.</summary>
internal sealed class NetworkFacts
{
    private readonly ClusterInventory _inventory;
    private readonly NetworkModelOptions _options;
    private readonly Dictionary<string, SubnetEntity> _subnets;
    private readonly Dictionary<string, NicPlace> _byMac;
    private readonly Dictionary<string, NicPlace> _byIp = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NicPlace> _byNode = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IReadOnlyList<string>> _asgs;
    private readonly ServiceTagFile? _tags;

    public NetworkFacts(ClusterInventory inventory, NetworkModelOptions options, DateTime from, DateTime to)
    {
        (_inventory, _options, From, To) = (inventory, options, from, to);
        _subnets = Living(inventory.History.Subnets).GroupBy(s => s.Id).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        var nics = Living(inventory.History.Nics).ToList();
        var named = inventory.During(InventorySchema.Nics, from, to).GroupBy(r => r.Text("mac")!).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        _byMac = nics.Where(n => n.Mac is not null).GroupBy(n => n.Mac!).ToDictionary(g => g.Key, g => PlaceOf(g.Last(), named), StringComparer.Ordinal);
        foreach (var place in _byMac.Values.Where(p => p.Node is not null))
            _byNode[place.Node!] = place;
        foreach (var nic in nics.Where(n => n.Mac is not null))
            foreach (var ip in nic.Ips)
                _byIp[ip.Ip] = _byMac[nic.Mac!];
        _asgs = nics.SelectMany(n => n.Ips).SelectMany(i => (i.Asgs ?? []).Select(a => (Asg: a, i.Ip))).GroupBy(p => p.Asg)
            .ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(p => p.Ip)], StringComparer.OrdinalIgnoreCase);
        _tags = options.TagFile ?? TagFile();
        var exported = ExportedRules.Of(inventory.History, from, to);
        Effective = [.. options.Effective, .. exported.Effective];
        AdminRules = [.. options.AdminRules, .. exported.AdminRules];
        var clusters = inventory.During(InventorySchema.Clusters, from, to);
        NetworkMode = clusters.Count > 0 ? clusters[^1].Text("network_mode") : null;
        PodCidrs = NetworkMode is "kubenet" or "overlay" ? [.. clusters.SelectMany(c => c.Texts("pod_cidr")).Distinct()] : [];
    }

    public DateTime From { get; }

    public DateTime To { get; }

    public string? NetworkMode { get; }

    public IReadOnlyList<string> PodCidrs { get; }

    public IReadOnlyList<SecurityAdminRule> AdminRules { get; }

    public IReadOnlyList<EffectiveNsg> Effective { get; }

    public IEnumerable<NicPlace> Nics => _byMac.Values.OrderBy(n => n.Name, StringComparer.Ordinal).ThenBy(n => n.Mac, StringComparer.Ordinal);

    public NicPlace? NicByMac(string? mac) => mac is null ? null : _byMac.GetValueOrDefault(mac);

    public NicPlace? NicOfNode(string? node) => node is null ? null : _byNode.GetValueOrDefault(node);

    public NicPlace? NicByAddress(string ip)
    {
        if (_byIp.TryGetValue(ip, out var nic) || !IpAddressKey.TryParse(ip, out var key))
            return nic;

        // The last owner within the epoch; an address without a pod is of the node whose pod range holds it.
        var owners = _inventory.Resolve(key).Where(r => r.From < To && From < r.To && r.Facts is { Kind: AddressKinds.Pod or AddressKinds.PodUnknown, Node: not null });
        return NicOfNode(owners.OrderBy(r => r.Facts.Kind == AddressKinds.Pod).ThenBy(r => r.From).LastOrDefault()?.Facts.Node);
    }

    public NicPlace? PlaceOf(NetworkSecurityGroup nsg)
    {
        var subnet = _subnets.Values.Where(s => Is(nsg, s.NsgId) || nsg.Subnets.Contains(s.Id, StringComparer.OrdinalIgnoreCase)).MinBy(s => s.Id, StringComparer.Ordinal);
        return subnet is null ? null : new NicPlace
        {
            Mac = "",
            Name = subnet.Name,
            SubnetId = subnet.Id,
            Subnet = subnet.Name,
            SubnetPrefixes = subnet.Prefixes,
            SubnetNsg = nsg.Id,
        };
    }

    public AddressSources AddressesOf(NicPlace nic) => new()
    {
        Network = VirtualNetwork(nic),
        OverrideTags = _options.Tags.On(nic.Subnet),
        TagFile = _tags,
        AsgMembers = _asgs,
    };

    public bool HasEffective(NicPlace nic) => EffectiveOf(nic).Any();

    /// <param name="nic">The NIC.</param>
    /// <param name="context">By the NSGs' own exports.</param>
    /// <param name="isReplaced">An NSG whose rules are proposed ones: of its effective rules only the tags hold.</param>
    public NicContext WithEffective(NicPlace nic, NicContext context, Func<NetworkSecurityGroup, bool> isReplaced) =>
        EffectiveOf(nic).Select(e => isReplaced(e.Nsg) ? e with { TagsOnly = true } : e).ToList() is { Count: > 0 } effective ? context.With(effective) : context;

    private IEnumerable<EffectiveNsg> EffectiveOf(NicPlace nic) => Effective.Where(e =>
        (nic.NicId.Length > 0 && nic.NicId.Equals(e.NicId, StringComparison.OrdinalIgnoreCase)) || (nic.SubnetId is not null && nic.SubnetId.Equals(e.SubnetId, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Null when the subnet's network is not known: then the tags VirtualNetwork and Internet stay unknown.</summary>
    private VirtualNetworkFacts? VirtualNetwork(NicPlace nic)
    {
        var vnetId = ArmIds.Parent(nic.SubnetId, "virtualnetworks");
        var vnet = Living(_inventory.History.Vnets).LastOrDefault(v => v.Id == vnetId);
        if (vnet is null || vnet.Prefixes.Count == 0)
            return null;

        return new VirtualNetworkFacts
        {
            AddressSpace = vnet.Prefixes,
            Peered = [.. vnet.Peerings.SelectMany(p => p.Prefixes)],
            OnPremises = [.. _inventory.Options.OnPremises.OrderBy(n => n.Key, StringComparer.Ordinal).SelectMany(n => n.Value)],
            Routes = [.. RoutesOf(nic).Select(r => new UserRoute(r.Prefix, r.NextHopType))],
            OverlayPodCidrs = NetworkMode == "overlay" ? PodCidrs : [],
        };
    }

    private ServiceTagFile? TagFile()
    {
        var tags = Living(_inventory.History.ServiceTags).GroupBy(t => t.Name, StringComparer.OrdinalIgnoreCase).Select(g => g.Last()).ToList();
        return tags.Count == 0 ? null
            : ServiceTagFile.Of(tags[^1].Cloud ?? "unknown", tags[^1].ChangeNumber ?? "unknown", tags.ToDictionary(t => t.Name, t => t.Prefixes, StringComparer.OrdinalIgnoreCase));
    }

    private IEnumerable<Route> RoutesOf(NicPlace nic)
    {
        var table = nic.SubnetId is not null && _subnets.TryGetValue(nic.SubnetId, out var subnet) ? subnet.RouteTableId : null;
        return Living(_inventory.History.RouteTables)
            .Where(t => t.Id == table || (nic.SubnetId is not null && t.SubnetIds.Contains(nic.SubnetId, StringComparer.Ordinal)))
            .SelectMany(t => t.Routes).Where(r => AddressRange.TryParse(r.Prefix, out _)).Distinct();
    }

    private NicPlace PlaceOf(NicEntity nic, Dictionary<string, InventoryRow> named)
    {
        var primary = nic.Ips.FirstOrDefault(i => i.Primary) ?? (nic.Ips.Count > 0 ? nic.Ips[0] : null);
        var subnet = primary?.SubnetId is { } id ? _subnets.GetValueOrDefault(id) : null;
        var row = named.TryGetValue(nic.Mac!, out var found) ? found : (InventoryRow?)null;
        return new NicPlace
        {
            Mac = nic.Mac!,
            Name = row?.Text("name") ?? nic.VmName ?? nic.Name,
            Node = row?.Text("node"),
            Pool = row?.Text("pool"),
            Role = row?.Text("role"),
            Ip = primary?.Ip,
            SubnetId = primary?.SubnetId,
            Subnet = subnet?.Name ?? row?.Text("subnet"),
            SubnetPrefixes = subnet?.Prefixes ?? [],
            SubnetNsg = subnet?.NsgId ?? NsgOfSubnet(primary?.SubnetId),
            NicNsg = nic.NsgId,
            NicId = nic.Id.Split('#')[0],
        };
    }

    private string? NsgOfSubnet(string? subnet) => subnet is null ? null
        : Living(_inventory.History.Nsgs).LastOrDefault(n => n.SubnetIds.Contains(subnet, StringComparer.Ordinal))?.Id;

    private static bool Is(NetworkSecurityGroup nsg, string? id) => id is not null && nsg.Id.Equals(id, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<T> Living<T>(IReadOnlyList<Valid<T>> versions)
        where T : InventoryEntity =>
        versions.Where(v => v.Overlaps(From, To)).OrderBy(v => v.From).Select(v => v.Entity);
}
