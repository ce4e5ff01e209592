namespace FlowLogAnalyzer.Inventory.Entities;

/// <summary>
/// A thing of the cluster or its network, reduced to the fields that are used. Entities are compared by their JSON:
/// a field that changes starts a new interval, so nothing that changes without meaning is kept.
/// </summary>
public abstract record InventoryEntity
{
    /// <summary>Kubernetes uid, or ARM id in lower case.</summary>
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The part of the world a listing can be limited to: namespace, resource group, VNet or scale set.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Creation, UTC, when the source says so.</summary>
    public DateTime? Created { get; init; }
}

/// <summary>A snapshot held every entity of <see cref="Kind"/> in <see cref="InventoryEntity.Scope"/> ("*" is everywhere).</summary>
public sealed record CoverageEntity : InventoryEntity
{
    public string Kind { get; init; } = "";
}
