using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Import;

namespace FlowLogAnalyzer.Inventory.Timeline;

/// <summary>
/// Without <c>kubectl get nodes</c> the scale-set NICs still name the nodes: AKS scale sets are called
/// aks-POOL-NUMBER-vmss, and the computer name is that plus the instance number in base 36, six digits
/// (instance 20 is …vmss00000k).
/// </summary>
internal static class NodesFromNics
{
    public static IReadOnlyList<Valid<NodeEntity>> Build(IReadOnlyList<Valid<NicEntity>> nics) =>
    [
        .. nics.Where(n => NodeName(n.Entity.VmId) is not null && n.Entity.Ips.Count > 0).Select(n => new Valid<NodeEntity>(Node(n.Entity), n.From, n.To)
        {
            SureFrom = n.SureFrom,
            SureTo = n.SureTo,
            FirstSeen = n.FirstSeen,
            LastSeen = n.LastSeen,
        }),
    ];

    public static string? NodeName(string? vmId)
    {
        var scaleSet = ArmIds.Segment(vmId, "virtualmachinescalesets");
        return scaleSet is not null && scaleSet.StartsWith("aks-", StringComparison.Ordinal) && int.TryParse(ArmIds.Segment(vmId, "virtualmachines"), out var instance)
            ? scaleSet + Base36(instance)
            : null;
    }

    private static NodeEntity Node(NicEntity nic) => new()
    {
        Id = nic.Id,
        Name = NodeName(nic.VmId)!,
        ProviderId = nic.VmId,
        Ips = [(nic.Ips.FirstOrDefault(i => i.Primary) ?? nic.Ips[0]).Ip],
        Labels = ArmIds.Segment(nic.VmId, "virtualmachinescalesets")!.Split('-') is [_, var pool, ..]
            ? new SortedDictionary<string, string>(StringComparer.Ordinal) { ["kubernetes.azure.com/agentpool"] = pool }
            : new SortedDictionary<string, string>(StringComparer.Ordinal),
    };

    private static string Base36(int value)
    {
        Span<char> digits = stackalloc char[6];
        for (var i = digits.Length - 1; i >= 0; i--, value /= 36)
            digits[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % 36];

        return new string(digits);
    }
}
