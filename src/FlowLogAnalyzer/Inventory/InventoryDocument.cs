namespace FlowLogAnalyzer.Inventory;

/// <summary>
/// One entity as one snapshot (taken at <paramref name="AsOf"/>, UTC) showed it. The kind is one of
/// <see cref="InventoryKinds"/>; the id, a Kubernetes uid or an ARM id in lower case, makes two sightings the same entity;
/// <paramref name="Json"/> is the normalised entity, without secrets or bulk.
/// </summary>
public sealed record InventoryDocument(DateTime AsOf, string Kind, string Id, string Name, string Json);

/// <summary>Something the user should know about a file, or (without <paramref name="File"/>) about what is not there.</summary>
public sealed record InventoryNote(string Text, string? File = null);

/// <summary>What the user may tell about a cluster that no export says.</summary>
public sealed record InventoryOptions
{
    /// <summary>Pool name to role (system, ingress or user); goes before everything derived.</summary>
    public IReadOnlyDictionary<string, string> PoolRoles { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Node labels or taints whose value names a role.</summary>
    public IReadOnlyList<string> RoleLabels { get; init; } = ["role", "nodepool-role", "workload"];

    /// <summary>Services (namespace/name) that are ingress controllers although no label says so.</summary>
    public IReadOnlyList<string> IngressServices { get; init; } = [];

    /// <summary>Name to CIDR prefixes of networks outside Azure.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> OnPremises { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}
