using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Tables;
using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory.Resolving;

/// <summary>What the network claims: NICs, subnets, VNets, peered and on-premises ranges, public addresses and tags.</summary>
internal static class NetworkClaims
{
    public static void Add(Moment moment, ClaimBook book)
    {
        foreach (var nic in moment.Nics)
            AddNic(moment, nic, book);

        foreach (var subnet in moment.Subnets)
            AddSubnet(subnet.Entity, moment.Clip(subnet), book);

        foreach (var table in moment.RouteTables)
            foreach (var route in table.Entity.Routes.Where(r => r.NextHopType == "VirtualNetworkGateway" && r.Prefix != "0.0.0.0/0"))
                book.AddPrefix(route.Prefix, Claim(ClaimRank.OnPremises, AddressKinds.OnPremises, route.Prefix, moment.Clip(table)));

        foreach (var address in moment.PublicIps)
            book.Add(address.Entity.Ip, ClaimRank.OwnPublicIp, new AddressFacts(AddressKinds.Public, address.Entity.Name), address, moment.Clip(address));
    }

    /// <summary>What does not depend on the moment: VNets, tags, and what the user told.</summary>
    public static void AddLasting(InventoryHistory history, InventoryOptions options, ClaimBook book)
    {
        foreach (var vnet in history.Vnets)
            AddVnet(vnet, book);

        foreach (var tag in history.ServiceTags)
            foreach (var prefix in tag.Entity.Prefixes)
                book.AddPrefix(prefix, Claim(ClaimRank.ServiceTag, AddressKinds.Public, tag.Entity.Name, (tag.From, tag.To)));

        foreach (var (name, prefixes) in options.OnPremises)
            foreach (var prefix in prefixes)
                book.AddPrefix(prefix, Claim(ClaimRank.OnPremises, AddressKinds.OnPremises, name, (InventorySchema.BeginningOfTime, InventorySchema.EndOfTime)));
    }

    private static void AddNic(Moment moment, Valid<NicEntity> nic, ClaimBook book)
    {
        var validity = moment.Clip(nic);
        var nodes = moment.NodesOf(nic.Entity).Where(n => n.Node.Overlaps(nic.From, nic.To)).ToList();
        foreach (var ip in nic.Entity.Ips)
            if (nodes.Count > 0)
                foreach (var node in nodes.Where(n => !n.Node.Entity.Ips.Contains(ip.Ip, StringComparer.Ordinal)))
                    book.Add(ip.Ip, ClaimRank.NicSecondary, ClusterClaims.OnNode(AddressKinds.PodUnknown, null, node), nic, moment.Clip(nic, node.Node));
            else
                book.Add(ip.Ip, Rank(nic.Entity), Owner(nic.Entity), nic, validity);
    }

    private static ClaimRank Rank(NicEntity nic) =>
        IsApiServer(nic) ? ClaimRank.ApiServer
        : nic.PrivateEndpoint is not null ? ClaimRank.PrivateEndpoint
        : NodesFromNics.NodeName(nic.VmId) is not null ? ClaimRank.Node
        : nic.VmId is not null ? ClaimRank.Vm
        : ClaimRank.Infrastructure;

    private static AddressFacts Owner(NicEntity nic)
    {
        if (IsApiServer(nic))
            return new AddressFacts(AddressKinds.ApiServer, "kube-apiserver");

        var node = NodesFromNics.NodeName(nic.VmId);
        return new AddressFacts(NodeTables.Kind(nic, node), node ?? NodeTables.OwnerName(nic)) { Node = node };
    }

    /// <summary>A private cluster's API server is a private endpoint that AKS calls kube-apiserver.</summary>
    private static bool IsApiServer(NicEntity nic) =>
        nic.PrivateEndpoint is not null && (nic.Name.StartsWith("kube-apiserver", StringComparison.OrdinalIgnoreCase)
            || Import.ArmIds.Name(nic.PrivateEndpoint).StartsWith("kube-apiserver", StringComparison.OrdinalIgnoreCase));

    private static void AddSubnet(SubnetEntity subnet, (DateTime From, DateTime To) validity, ClaimBook book)
    {
        foreach (var prefix in subnet.Prefixes)
        {
            book.AddSubnet(prefix, subnet.Name, validity);
            book.AddPrefix(prefix, subnet.Infrastructure is { } kind
                ? Claim(ClaimRank.Infrastructure, AddressKinds.Infrastructure, kind, validity)
                : Claim(ClaimRank.Network, AddressKinds.Vnet, subnet.Name, validity));
        }
    }

    private static void AddVnet(Valid<VnetEntity> vnet, ClaimBook book)
    {
        foreach (var prefix in vnet.Entity.Prefixes)
            book.AddPrefix(prefix, Claim(ClaimRank.Network, AddressKinds.Vnet, vnet.Entity.Name, (vnet.From, vnet.To)));

        foreach (var peering in vnet.Entity.Peerings)
            foreach (var prefix in peering.Prefixes)
                book.AddPrefix(prefix, Claim(ClaimRank.Network, AddressKinds.Peered, peering.RemoteName.Length > 0 ? peering.RemoteName : peering.Name, (vnet.From, vnet.To)));
    }

    private static AddressClaim Claim(ClaimRank rank, string kind, string name, (DateTime From, DateTime To) validity) =>
        new(rank, new AddressFacts(kind, name), validity.From, validity.To);
}
