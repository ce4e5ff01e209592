using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>VNets, subnets, route tables and NICs.</summary>
internal static class NetworkReader
{
    public static VnetEntity Vnet(JsonElement item) => new()
    {
        Prefixes = item.Prefixes("addressSpace.addressPrefixes"),
        Peerings = [.. item.Items("virtualNetworkPeerings").Select(ReadPeering)],
    };

    public static SubnetEntity Subnet(JsonElement item)
    {
        var id = item.Text("id") ?? "";
        return new SubnetEntity
        {
            ArmId = id,
            Vnet = ArmIds.Segment(id, "virtualNetworks") ?? "",
            Prefixes = item.Prefixes("addressPrefix", "addressPrefixes"),
            NsgId = item.ArmId("networkSecurityGroup.id"),
            RouteTableId = item.ArmId("routeTable.id"),
            Infrastructure = InfrastructureSubnets.Classify(item),
        };
    }

    public static RouteTableEntity RouteTable(JsonElement item) => new()
    {
        Routes =
        [
            .. item.Items("routes").Select(r => new Route(RoutePrefix(r.Text("addressPrefix")), r.Text("nextHopType") ?? "", r.Text("nextHopIpAddress")))
                .OrderBy(r => r.Prefix, StringComparer.Ordinal),
        ],
        SubnetIds = [.. item.Items("subnets").Select(s => s.ArmId("id")).OfType<string>().Order(StringComparer.Ordinal)],
    };

    public static NicEntity Nic(JsonElement item) => new()
    {
        Mac = NormaliseMac(item.Text("macAddress")),
        VmId = item.ArmId("virtualMachine.id") ?? ArmIds.Parent(item.ArmId("id"), "virtualmachines"),
        VmName = (item.Text("virtualMachine.id") ?? ArmIds.Parent(item.Text("id"), "virtualMachines")) is { } vm ? ArmIds.Name(vm) : null,
        NsgId = item.ArmId("networkSecurityGroup.id"),
        PrivateEndpoint = item.Text("privateEndpoint.id"),
        Ips =
        [
            .. item.Items("ipConfigurations").Where(c => c.Text("privateIPAddress") is not null)
                .Select(c => new NicIp(JsonFields.AllPrefixes([c.Text("privateIPAddress")!], "ipConfigurations.privateIPAddress")[0], c.Bool("primary") ?? false, c.ArmId("subnet.id")) { Asgs = Asgs(c) }),
        ],
    };

    /// <summary>A route's prefix may be a service tag; what is written as a prefix has to be one.</summary>
    private static string RoutePrefix(string? text) =>
        text?.Contains('/', StringComparison.Ordinal) == true ? JsonFields.AllPrefixes([text], "routes.addressPrefix")[0] : text ?? "";

    private static List<string>? Asgs(JsonElement configuration)
    {
        var ids = configuration.Items("applicationSecurityGroups").Select(a => a.ArmId("id")).OfType<string>().Order(StringComparer.Ordinal).ToList();
        return ids.Count > 0 ? ids : null;
    }

    /// <summary>00-0D-3A-… of ARM to the 12 upper-case hex digits of flow logs; null when it is not a MAC.</summary>
    public static string? NormaliseMac(string? text)
    {
        var digits = string.Concat((text ?? "").Where(char.IsAsciiHexDigit)).ToUpperInvariant();
        return digits.Length == 12 ? digits : null;
    }

    private static Peering ReadPeering(JsonElement item)
    {
        var prefixes = item.Prefixes("remoteVirtualNetworkAddressSpace.addressPrefixes");
        return new Peering(
            item.Text("name") ?? "", ArmIds.Name(item.Text("remoteVirtualNetwork.id") ?? ""),
            prefixes.Count > 0 ? prefixes : item.Prefixes("remoteAddressSpace.addressPrefixes"));
    }
}
