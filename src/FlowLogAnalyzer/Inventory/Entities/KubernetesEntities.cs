namespace FlowLogAnalyzer.Inventory.Entities;

/// <summary>A Kubernetes node.</summary>
public sealed record NodeEntity : InventoryEntity
{
    public IReadOnlyList<string> Ips { get; init; } = [];
    public string? ProviderId { get; init; }
    public IReadOnlyList<string> PodCidrs { get; init; } = [];
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Taints { get; init; } = new Dictionary<string, string>();
    public bool? Ready { get; init; }
}

/// <summary>A Kubernetes Service; annotations are those of the Azure cloud provider only.</summary>
public sealed record ServiceEntity : InventoryEntity
{
    public string Namespace { get; init; } = "";
    public string Type { get; init; } = "ClusterIP";
    public string? TrafficPolicy { get; init; }
    public IReadOnlyList<string> ClusterIps { get; init; } = [];
    public string? Affinity { get; init; }
    public IReadOnlyList<string> LoadBalancerIps { get; init; } = [];
    public IReadOnlyList<ServicePort> Ports { get; init; } = [];
    public int? HealthCheckNodePort { get; init; }
    public IReadOnlyList<string> SourceRanges { get; init; } = [];
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Selector { get; init; } = new Dictionary<string, string>();
}

/// <summary>The protocol is the IANA number.</summary>
public sealed record ServicePort(string Name, int Protocol, int Port, int? NodePort, string? AppProtocol);

/// <summary>An EndpointSlice: where target ports and endpoints are resolved.</summary>
public sealed record EndpointSliceEntity : InventoryEntity
{
    public string Namespace { get; init; } = "";
    public string? ServiceName { get; init; }
    public IReadOnlyList<EndpointPort> Ports { get; init; } = [];
    public IReadOnlyList<Endpoint> Endpoints { get; init; } = [];
}

public sealed record EndpointPort(string Name, int Protocol, int? Port);

public sealed record Endpoint(string Ip, bool Ready, string? Node, string? Pod, string? PodUid);

/// <summary>A pod that has an address.</summary>
public sealed record PodEntity : InventoryEntity
{
    public string Namespace { get; init; } = "";
    public IReadOnlyList<string> Ips { get; init; } = [];
    public string? Node { get; init; }
    public bool HostNetwork { get; init; }
    public string? Workload { get; init; }
    public string? App { get; init; }
    public string? ServiceAccount { get; init; }

    /// <summary>Repositories of the containers' images, without tag and digest.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>One pod of a set that runs on every node.</summary>
    public bool PerNode { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Node labels the pod asks for by selector or required affinity; alternatives are joined by a bar.</summary>
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>When its last container ended: the address is free from then on.</summary>
    public DateTime? Ended { get; init; }
}

public sealed record IngressEntity : InventoryEntity
{
    public string Namespace { get; init; } = "";
    public string? Class { get; init; }
    public string? AllowList { get; init; }
    public string? Annotation { get; init; }
    public IReadOnlyList<string> BackendServices { get; init; } = [];
    public IReadOnlyList<string> LoadBalancerIps { get; init; } = [];
}

public sealed record IngressClassEntity : InventoryEntity
{
    public string? Controller { get; init; }
    public bool IsDefault { get; init; }
}

/// <summary>Kept by name only: a fix can say that one exists.</summary>
public sealed record NetworkPolicyEntity : InventoryEntity
{
    public string Namespace { get; init; } = "";
}
