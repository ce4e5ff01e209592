using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Query.Configuration;

/// <summary>Addresses from which nodes may be administered.</summary>
public sealed record Bastion(string Name, IReadOnlyList<string> Prefixes);

/// <summary>Who is meant to call a Service (namespace/name).</summary>
public sealed record ExpectedClients(string Service, IReadOnlyList<string> Prefixes);

/// <summary>A connection that is wanted. No ports = all.</summary>
public sealed record DeclaredDependency(string Source, string Destination, IReadOnlyList<int> Ports, string? Reason);

/// <summary>
/// Findings that somebody decided to live with: of one id, with a subject (where <c>*</c> stands for any text), until a date.
/// </summary>
public sealed record Suppression(string Finding, string Subject, string Reason, DateTime Expires)
{
    /// <summary>From the given instant on, or never when there is none.</summary>
    public bool HasExpired(DateTime? now) => now >= Expires;
}

/// <summary>What flowlog.json says. Everything may be left out; <see cref="None"/> is a file without content.</summary>
public sealed record FlowLogConfiguration
{
    public static FlowLogConfiguration None { get; } = new();

    /// <summary>Pools, labels, ingress Services and on-premises prefixes, for the inventory.</summary>
    public InventoryOptions Inventory { get; init; } = new();

    public IReadOnlyList<Bastion> Bastions { get; init; } = [];

    public IReadOnlyList<ExpectedClients> ExpectedClients { get; init; } = [];

    public IReadOnlyList<DeclaredDependency> Dependencies { get; init; } = [];

    /// <summary><c>firewall</c>: the internet is reached through one; <c>direct</c>: it is not, whatever the cluster says; null: as the cluster's outbound type says.</summary>
    public string? Egress { get; init; }

    /// <summary>Parameters of findings, by finding and name; values are as on the command line.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Thresholds { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Suppression> Suppressions { get; init; } = [];
}
