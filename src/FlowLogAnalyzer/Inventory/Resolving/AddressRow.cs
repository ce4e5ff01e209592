namespace FlowLogAnalyzer.Inventory.Resolving;

/// <summary>Who an address was during [<see cref="From"/>, <see cref="To"/>), UTC.</summary>
public sealed record AddressRow(DateTime From, DateTime To, AddressFacts Facts)
{
    /// <summary>False when two owners claim the address, when nobody knows when it changed hands, or when it is a guess.</summary>
    public bool Certain { get; init; } = true;

    public string? Subnet { get; init; }
}

/// <summary>What is known about the owner of an address; <paramref name="Kind"/> is one of <see cref="AddressKinds"/>.</summary>
public sealed record AddressFacts(string Kind, string? Name)
{
    public string? Node { get; init; }
    public string? Pod { get; init; }
    public string? Workload { get; init; }
    public string? Pool { get; init; }
    public string? Role { get; init; }
    public string? Service { get; init; }
}
