using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Resolving;

namespace FlowLogAnalyzer.Network;

/// <summary>Who the ends of flows were, from the inventory; every address is looked up once.</summary>
internal sealed class FlowNames(ClusterInventory inventory)
{
    private readonly Dictionary<IpAddressKey, IReadOnlyList<AddressRow>> _rows = [];

    /// <summary>Null outside of all intervals, which cannot be.</summary>
    public AddressFacts Facts(IpAddressKey address, DateTime at)
    {
        if (!_rows.TryGetValue(address, out var rows))
            _rows[address] = rows = inventory.Resolve(address);
        return rows.LastOrDefault(r => r.From <= at && at < r.To)?.Facts ?? new AddressFacts(AddressKinds.Public, null);
    }

    /// <summary><c>user node</c>, <c>ingress pod</c>, <c>load balancer</c>, <c>vm</c>, <c>public</c>…</summary>
    public string Role(IpAddressKey address, DateTime at)
    {
        var facts = Facts(address, at);
        return facts.Kind switch
        {
            AddressKinds.Platform => "platform",
            AddressKinds.Frontend => $"frontend of {facts.Service ?? facts.Name}",
            AddressKinds.Node => $"{facts.Role ?? "unknown"} node",
            AddressKinds.Pod => facts.Workload is { } workload ? $"pod of {workload}" : $"{facts.Role ?? "unknown"} pod",
            AddressKinds.PodUnknown => $"pod on {facts.Role ?? "unknown"} node",
            AddressKinds.ApiServer => "API server",
            AddressKinds.Infrastructure => facts.Name ?? "infrastructure",
            _ => facts.Kind.Replace('_', ' '),
        };
    }
}
