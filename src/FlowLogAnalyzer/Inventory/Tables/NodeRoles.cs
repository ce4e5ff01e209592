using System.Text.RegularExpressions;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Inventory.Timeline;

namespace FlowLogAnalyzer.Inventory.Tables;

/// <summary>A node with what its labels and its pool say about it.</summary>
internal sealed record NodeFacts(Valid<NodeEntity> Node, string? Pool, string? Mode, string Role, string RoleSource);

/// <summary>
/// The intended role of a node's pool, in this order: configuration, role labels and taints, the node selector of an
/// ingress controller, the AKS mode, the pool's name. AKS knows the modes system and user only, so mode user does not
/// contradict a pool name that says ingress; mode system does.
/// </summary>
internal sealed partial class NodeRoles
{
    public const string System = "system";
    public const string Ingress = "ingress";
    public const string User = "user";
    public const string Unknown = "unknown";

    private static readonly string[] Roles = [System, Ingress, User];
    private readonly InventoryOptions _options;
    private readonly List<IReadOnlyDictionary<string, string>> _selectors;
    private readonly Dictionary<string, string> _poolModes;

    public NodeRoles(Moment moment)
    {
        _options = moment.Options;
        _selectors =
        [
            .. moment.Controllers.Pods().Select(p => p.NodeSelector)
                .Select(s => (IReadOnlyDictionary<string, string>)s.Where(l => !IsGeneral(l.Key)).ToDictionary(l => l.Key, l => l.Value, StringComparer.Ordinal))
                .Where(s => s.Count > 0),
        ];
        _poolModes = moment.Clusters.SelectMany(c => c.Entity.Pools).Where(p => p.Mode is not null)
            .GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First().Mode!, StringComparer.OrdinalIgnoreCase);
    }

    public NodeFacts Describe(Valid<NodeEntity> node)
    {
        var labels = node.Entity.Labels;
        var pool = labels.GetValueOrDefault("kubernetes.azure.com/agentpool") ?? labels.GetValueOrDefault("agentpool");
        var mode = (labels.GetValueOrDefault("kubernetes.azure.com/mode") ?? (pool is null ? null : _poolModes.GetValueOrDefault(pool)))?.ToLowerInvariant();
        var (role, source) = Derive(node.Entity, pool, mode);
        return new NodeFacts(node, pool, mode, role, source);
    }

    private (string Role, string Source) Derive(NodeEntity node, string? pool, string? mode)
    {
        if (pool is not null && _options.PoolRoles.FirstOrDefault(p => string.Equals(p.Key, pool, StringComparison.OrdinalIgnoreCase)).Value is { } configured)
            return (configured.ToLowerInvariant(), "config");

        if (FromKeys(node.Labels) is { } labelled)
            return (labelled, "label");

        if (FromKeys(node.Taints) is { } tainted)
            return (tainted, "taint");

        if (_selectors.Exists(s => s.All(wanted => node.Labels.TryGetValue(wanted.Key, out var value) && wanted.Value.Split('|').Contains(value, StringComparer.Ordinal))))
            return (Ingress, "controller");

        if (mode == System)
            return (System, "mode");

        if (pool is not null && IngressNames().IsMatch(pool))
            return (Ingress, "pool-name");

        return mode == User ? (User, "mode") : (Unknown, "none");
    }

    private string? FromKeys(IReadOnlyDictionary<string, string> keys)
    {
        foreach (var name in _options.RoleLabels)
            if (keys.TryGetValue(name, out var value) && Roles.Contains(value.ToLowerInvariant(), StringComparer.Ordinal))
                return value.ToLowerInvariant();

        foreach (var role in Roles)
            if (keys.ContainsKey("node-role.kubernetes.io/" + role))
                return role;

        return keys.GetValueOrDefault(Ingress) == "true" ? Ingress : null;
    }

    /// <summary>Selectors that nearly every pod has say nothing about a pool made for ingress.</summary>
    private static bool IsGeneral(string key) =>
        key is "kubernetes.io/os" or "kubernetes.io/arch" or "beta.kubernetes.io/os" or "beta.kubernetes.io/arch" or "kubernetes.azure.com/mode" or "kubernetes.azure.com/cluster";

    [GeneratedRegex("ingress|gateway|^ing([0-9]|np|pool|$)|^edge", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IngressNames();
}
