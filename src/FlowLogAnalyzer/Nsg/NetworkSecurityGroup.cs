namespace FlowLogAnalyzer.Nsg;

/// <summary>An NSG as an export shows it.</summary>
public sealed record NetworkSecurityGroup
{
    public required string Name { get; init; }

    /// <summary>ARM id; empty for an NSG that is only planned (template, Terraform).</summary>
    public string Id { get; init; } = "";

    /// <summary>The GUID that VNet flow logs of 2022 to 2024 write instead of the ARM id.</summary>
    public string? ResourceGuid { get; init; }

    public string? Location { get; init; }

    /// <summary>All rules, default ones included (<see cref="DefaultRules.Complete"/>), by direction and priority.</summary>
    public EquatableList<NsgRule> Rules { get => field; init => field = Sorted(value); } = Sorted([]);

    /// <summary>ARM ids of the subnets that the NSG is associated with.</summary>
    public EquatableList<string> Subnets { get; init; } = [];

    /// <summary>ARM ids of the network interfaces that the NSG is associated with.</summary>
    public EquatableList<string> Nics { get; init; } = [];

    /// <summary>Connections that exist are cut when a rule changes.</summary>
    public bool FlushConnection { get; init; }

    /// <summary>
    /// AKS made it and overwrites it: never suggest a change to it, but one to the Service. Known by the name
    /// (<c>aks-agentpool-*-nsg</c>) or by the rules that the cloud provider writes (kubernetes-sigs/cloud-provider-azure,
    /// pkg/provider/securitygroup).
    /// </summary>
    public bool IsAksManaged =>
        (Name.StartsWith("aks-agentpool-", StringComparison.OrdinalIgnoreCase) && Name.EndsWith("-nsg", StringComparison.OrdinalIgnoreCase))
        || Rules.Any(r => r.Name.StartsWith("k8s-azure-lb_", StringComparison.OrdinalIgnoreCase));

    /// <summary>The NSG with one more rule; a rule of the same name is replaced, as az does.</summary>
    public NetworkSecurityGroup WithRule(NsgRule rule) => this with
    {
        Rules = Rules.Where(r => r.IsDefault || !r.Name.Equals(rule.Name, StringComparison.OrdinalIgnoreCase)).Append(rule).ToEquatableList(),
    };

    private static EquatableList<NsgRule> Sorted(EquatableList<NsgRule> rules) =>
        DefaultRules.Complete(rules).OrderBy(r => r.Direction).ThenBy(r => r.Priority).ToEquatableList();
}
