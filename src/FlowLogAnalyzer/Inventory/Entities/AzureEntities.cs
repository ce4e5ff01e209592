namespace FlowLogAnalyzer.Inventory.Entities;

/// <summary>An AKS managed cluster.</summary>
public sealed record ClusterEntity : InventoryEntity
{
    public string? NetworkPlugin { get; init; }
    public string? NetworkPluginMode { get; init; }
    public string? Dataplane { get; init; }
    public IReadOnlyList<string> PodCidrs { get; init; } = [];
    public IReadOnlyList<string> ServiceCidrs { get; init; } = [];
    public string? OutboundType { get; init; }
    public string? ProbeMode { get; init; }
    public string? NodeResourceGroup { get; init; }
    public string? Fqdn { get; init; }
    public string? PrivateFqdn { get; init; }
    public string? ApiServerSubnetId { get; init; }
    public IReadOnlyList<AgentPool> Pools { get; init; } = [];
}

public sealed record AgentPool(string Name, string? Mode, string? SubnetId, string? PodSubnetId);

/// <summary>A network security group; <see cref="Source"/> is the exported resource without what is not a rule or a link.</summary>
public sealed record NsgEntity : InventoryEntity
{
    public System.Text.Json.JsonElement Source { get; init; }
    public IReadOnlyList<string> SubnetIds { get; init; } = [];
}

public sealed record VnetEntity : InventoryEntity
{
    public IReadOnlyList<string> Prefixes { get; init; } = [];
    public IReadOnlyList<Peering> Peerings { get; init; } = [];
}

public sealed record Peering(string Name, string RemoteName, IReadOnlyList<string> Prefixes);

public sealed record SubnetEntity : InventoryEntity
{
    public string ArmId { get; init; } = "";
    public string Vnet { get; init; } = "";
    public IReadOnlyList<string> Prefixes { get; init; } = [];
    public string? NsgId { get; init; }
    public string? RouteTableId { get; init; }

    /// <summary>What of the platform lives here: bastion, firewall, gateway, application gateway…; null for ordinary subnets.</summary>
    public string? Infrastructure { get; init; }
}

public sealed record RouteTableEntity : InventoryEntity
{
    public IReadOnlyList<Route> Routes { get; init; } = [];
    public IReadOnlyList<string> SubnetIds { get; init; } = [];
}

public sealed record Route(string Prefix, string NextHopType, string? NextHop);

public sealed record LoadBalancerEntity : InventoryEntity
{
    public IReadOnlyList<LbFrontend> Frontends { get; init; } = [];
    public IReadOnlyList<LbRule> Rules { get; init; } = [];
    public IReadOnlyList<LbProbe> Probes { get; init; } = [];
    public IReadOnlyList<LbPool> Pools { get; init; } = [];
}

/// <summary>Ids are ARM ids in lower case throughout.</summary>
public sealed record LbFrontend(string Id, string Name, string? PrivateIp, string? PublicIpId, string? PublicIp);

/// <summary>The protocol is the IANA number, 0 for all; a frontend port of 0 is all ports.</summary>
public sealed record LbRule(string Name, int Protocol, int FrontendPort, int BackendPort, string FrontendId)
{
    public bool FloatingIp { get; init; }
    public string? Distribution { get; init; }
    public string? ProbeId { get; init; }
    public IReadOnlyList<string> PoolIds { get; init; } = [];
}

public sealed record LbProbe(string Id, string Name, string Protocol, int Port, string? Path)
{
    public int? IntervalSeconds { get; init; }
    public int? Threshold { get; init; }
}

/// <summary>A backend pool: addresses, or ARM ids (lower case) of NIC configurations.</summary>
public sealed record LbPool(string Id, string Name, IReadOnlyList<string> Ips, IReadOnlyList<string> IpConfigurationIds);

public sealed record PublicIpEntity : InventoryEntity
{
    public string? Ip { get; init; }

    /// <summary>The frontend or NIC configuration that holds it, lower case.</summary>
    public string? IpConfigurationId { get; init; }
}

public sealed record NicEntity : InventoryEntity
{
    /// <summary>12 upper-case hex digits, as flow logs write it.</summary>
    public string? Mac { get; init; }
    public string? VmId { get; init; }
    public string? VmName { get; init; }
    public string? NsgId { get; init; }
    public string? PrivateEndpoint { get; init; }
    public IReadOnlyList<NicIp> Ips { get; init; } = [];
}

public sealed record NicIp(string Ip, bool Primary, string? SubnetId)
{
    /// <summary>Application security groups it is a member of, ARM ids in lower case; null for none, which most have.</summary>
    public IReadOnlyList<string>? Asgs { get; init; }
}

public sealed record ScaleSetEntity : InventoryEntity
{
    public string? Pool { get; init; }
    public string? NsgId { get; init; }
}

public sealed record FlowLogEntity : InventoryEntity
{
    public string? TargetId { get; init; }
    public bool Enabled { get; init; }
    public int? Version { get; init; }
    public string? RecordTypes { get; init; }
    public string? Filter { get; init; }
}

/// <summary>A service tag of the weekly file; prefixes of both families.</summary>
public sealed record ServiceTagEntity : InventoryEntity
{
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>Of the file: Public, AzureGovernment, AzureChina; null in documents of older versions.</summary>
    public string? Cloud { get; init; }

    /// <summary>Of the whole file; reports name it.</summary>
    public string? ChangeNumber { get; init; }
}

/// <summary>The NSG that takes effect at a NIC through one association, with what tags stand for there.</summary>
public sealed record EffectiveNsgEntity : InventoryEntity
{
    /// <summary>As exported.</summary>
    public System.Text.Json.JsonElement Source { get; init; }

    /// <summary>ARM id in lower case; null when the export does not say which NSG it is.</summary>
    public string? NsgId { get; init; }
}

/// <summary>A security admin rule of a network manager.</summary>
public sealed record AdminRuleEntity : InventoryEntity
{
    /// <summary>As exported.</summary>
    public System.Text.Json.JsonElement Source { get; init; }
}

/// <summary>An entry of the Activity Log about an NSG or one of its rules; an operation leaves several (Started, Accepted, Succeeded).</summary>
public sealed record ActivityEntity : InventoryEntity
{
    /// <summary>UTC.</summary>
    public DateTime Time { get; init; }

    /// <summary>As the Activity Log spells it: <c>Microsoft.Network/networkSecurityGroups/securityRules/write</c>.</summary>
    public string Operation { get; init; } = "";

    /// <summary>Started, Accepted, Succeeded or Failed.</summary>
    public string Status { get; init; } = "";

    /// <summary>ARM id of the NSG or the rule, as spelled.</summary>
    public string ResourceId { get; init; } = "";

    /// <summary>What the entries of one operation share.</summary>
    public string? Correlation { get; init; }

    /// <summary>The person's name, or the object id of an application.</summary>
    public string? Caller { get; init; }

    public string? CallerIp { get; init; }
}
