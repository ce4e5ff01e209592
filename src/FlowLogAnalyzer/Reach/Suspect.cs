using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;

namespace FlowLogAnalyzer.Reach;

/// <summary>Towards whom an address can be used as the source.</summary>
internal enum IdentityScope
{
    Anyone,

    /// <summary>A pod keeps its address towards other pods.</summary>
    Pods,

    /// <summary>Towards everything else it has its node's (kubenet and CNI Overlay masquerade).</summary>
    AllButPods,
}

/// <summary>An address that a suspect can send from, and the NIC that its packets leave by; null outside of what the inventory knows.</summary>
internal sealed record Identity(IpAddressKey Address, NicPlace? Nic, IdentityScope Scope = IdentityScope.Anyone)
{
    public bool Serves(ReachTarget target) => Scope == IdentityScope.Anyone || (Scope == IdentityScope.Pods) == (target.Kind == AddressKinds.Pod);
}

/// <summary>Whom somebody suspects: one source, or all of a role, with every address it can send from.</summary>
internal sealed record Suspect(string Name, IReadOnlyList<Identity> Identities)
{
    public IReadOnlyList<string> Addresses => [.. Identities.Select(i => i.Address).Distinct().OrderBy(a => a.Bits).Select(a => a.ToString())];

    /// <summary>The addresses that are of use towards a place; none when that place is the suspect itself.</summary>
    public IEnumerable<Identity> Towards(ReachTarget place)
    {
        var isOwn = Identities.Any(i => i.Address == place.Address);
        return Identities.Where(i => i.Serves(place) && !(isOwn && i.Nic?.Mac == place.Nic?.Mac));
    }

    /// <summary>True when it is inside of the cluster: then Services are reached at their pods, not at the load balancer.</summary>
    public bool IsInside => Identities.Any(i => i.Nic?.Node is not null);
}

/// <summary>Finds out what an address, a node, a pod, a role or a pool can send from.</summary>
internal sealed class SuspectFinder(ReachContext context)
{
    private readonly IReadOnlyList<InventoryRow> _pods = [.. context.Inventory.At(InventorySchema.Pods, context.At).Where(p => p.Text("ip") is not null)];

    /// <summary>Pods show their node's address to all but pods.</summary>
    private bool PodsHide => context.State.NetworkMode is not ("node-subnet" or "pod-subnet");

    /// <summary>Null when nothing has this name and it is no address.</summary>
    public Suspect? Find(string text)
    {
        if (IpAddressKey.TryParse(text, out var address))
            return OfAddress(address);

        var nics = context.State.Nics.Where(n => Is(n.Name) || Is(n.Node)).ToList();
        if (nics.Count == 0)
            nics = [.. context.State.Nics.Where(n => Is(n.Role) || Is(n.Pool))];
        if (nics.Count > 0)
            return new Suspect(nics.Count == 1 ? Named(nics[0]) : $"the {nics.Count} nodes of {text}", [.. nics.SelectMany(OfNic)]);

        var pods = _pods.Where(p => !p.Flag("host_network") && (Is(p.Text("pod")) || Is(p.Text("workload")))).ToList();
        return pods.Count == 0 ? null
            : new Suspect(pods.Count == 1 ? $"the pod {pods[0].Text("pod")} ({pods[0].Text("ip")})" : $"the {pods.Count} pods of {text}", [.. pods.SelectMany(OfPod).Distinct()]);

        bool Is(string? name) => text.Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What somebody who took over this host could send from.</summary>
    public IReadOnlyList<Identity> Of(ReachTarget target) => target.Kind == AddressKinds.Pod
        ? [.. _pods.Where(p => p.Text("ip") == target.Address.ToString() && !p.Flag("host_network")).SelectMany(OfPod)]
        : target.Nic is { } nic ? [.. OfNic(nic)] : [];

    private Suspect OfAddress(IpAddressKey address)
    {
        var text = address.ToString();
        foreach (var pod in _pods.Where(p => p.Text("ip") == text && !p.Flag("host_network")).Take(1))
            return new Suspect($"the pod {pod.Text("pod")} ({text})", [.. OfPod(pod)]);

        var nic = context.State.NicByAddress(text);
        if (nic is null)
            return new Suspect($"{text}, which has no NIC in the inventory", [new Identity(address, null)]);

        // The primary address of a node stands for the node; a secondary one for whatever pod has it.
        return nic.Ip == text ? new Suspect(Named(nic), [.. OfNic(nic)]) : new Suspect($"{text} on {nic.Name}", [new Identity(address, nic)]);
    }

    /// <summary>Whoever has a node has its pods too, and their addresses.</summary>
    private IEnumerable<Identity> OfNic(NicPlace nic)
    {
        if (nic.Ip is { } ip)
            yield return new Identity(ServicePath.Address(ip), nic);
        foreach (var pod in nic.Node is null ? [] : _pods.Where(p => p.Text("node") == nic.Node && !p.Flag("host_network")))
            yield return new Identity(ServicePath.Address(pod.Text("ip")!), nic);
    }

    private IEnumerable<Identity> OfPod(InventoryRow pod)
    {
        var nic = context.State.NicOfNode(pod.Text("node"));
        yield return new Identity(ServicePath.Address(pod.Text("ip")!), nic, PodsHide ? IdentityScope.Pods : IdentityScope.Anyone);
        if (PodsHide && nic?.Ip is { } ip)
            yield return new Identity(ServicePath.Address(ip), nic, IdentityScope.AllButPods);
    }

    private static string Named(NicPlace nic) => nic.Node is null ? $"the machine {nic.Name} ({nic.Ip})" : $"the {nic.Role ?? "unknown"} node {nic.Name} ({nic.Ip})";
}
