namespace FlowLogAnalyzer.Inventory;

/// <summary>A column of an inventory table; <paramref name="SqlType"/> is a type both DuckDB and ClickHouse know by some name.</summary>
public sealed record TableColumn(string Name, string SqlType);

/// <summary>The shape of one inventory table. Every table ends in <c>valid_from</c> and <c>valid_to</c>, half open, UTC.</summary>
public sealed record TableShape(string Name, string Meaning, IReadOnlyList<TableColumn> Columns);

/// <summary>Rows of one inventory table, ready to be handed to a query engine; cells are string, bool, int, DateTime (UTC) or null.</summary>
public sealed record InventoryTable(TableShape Shape, IReadOnlyList<object?[]> Rows);

/// <summary>
/// The tables that the SQL in queries/ joins flows with: what the cluster and its network were, and when.
/// An entity that was seen once is valid from its creation (or <see cref="BeginningOfTime"/>) until <see cref="EndOfTime"/>.
/// </summary>
public static class InventorySchema
{
    public static readonly DateTime BeginningOfTime = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    public static readonly DateTime EndOfTime = new(9999, 12, 31, 0, 0, 0, DateTimeKind.Utc);

    public static TableShape Clusters { get; } = Shape("clusters", "AKS clusters.",
        "cluster text, network_mode text, dataplane text, pod_cidr text, service_cidr text, outbound_type text, shared_probe bool, node_resource_group text, api_server text");

    public static TableShape Nodes { get; } = Shape("nodes", "Kubernetes nodes; role is system, ingress, user or unknown.",
        "node text, ip text, pool text, mode text, role text, role_source text, vmss text, pod_cidr text, excluded_from_lb bool, ready bool, created timestamp, vm_size text");

    public static TableShape Nics { get; } = Shape("nics", "NICs by MAC: the only sure way from a flow to the node that logged it.",
        "mac text, nic text, kind text, node text, name text, ip text, subnet text, nic_nsg text, subnet_nsg text, pool text, role text");

    public static TableShape Services { get; } = Shape("services", "Kubernetes Services; service is namespace/name.",
        "service text, namespace text, name text, type text, traffic_policy text, cluster_ip text, affinity text, internal bool, floating_ip bool, shared_probe bool, ingress_controller bool, source_ranges text, created timestamp");

    public static TableShape ServicePorts { get; } = Shape("service_ports", "Ports of Services; protocol is the IANA number.",
        "service text, port_name text, protocol int, port int, node_port int, health_port int, app_protocol text");

    public static TableShape Frontends { get; } = Shape("frontends", "Load-balancer frontends: one row per service, address and port.",
        "service text, ip text, port int, protocol int, floating_ip bool, distribution text, internal bool");

    public static TableShape Probes { get; } = Shape("probes", "Load-balancer health probes per service port; kind is node-port, health-check, shared or custom.",
        "service text, port int, probe_port int, protocol text, path text, interval_seconds int, threshold int, kind text, source text");

    public static TableShape Backends { get; } = Shape("backends", "Nodes in the backend pool of a service.",
        "service text, node text, ip text");

    public static TableShape Endpoints { get; } = Shape("endpoints", "Endpoints of every Service (from EndpointSlices), with the resolved target port.",
        "service text, port int, ip text, target_port int, node text, pod text, ready bool, protocol int");

    public static TableShape Pods { get; } = Shape("pods", "Pods; pod is namespace/name, duty what a known workload does: scraper, agent or platform.",
        "pod text, namespace text, ip text, node text, host_network bool, workload text, app text, duty text, created timestamp");

    public static TableShape Ingresses { get; } = Shape("ingresses", "Ingress objects; service is the Service of the controller that serves them, allow_list their client allow list.",
        "ingress text, class text, service text, allow_list text, annotation text, backend_services text");

    public static TableShape Nsgs { get; } = Shape("nsgs", "Network security groups; acl_key is what logs call them by: ARM id or GUID in lower case, one row each.",
        "nsg text, acl_key text, nsg_id text, aks_managed bool");

    public static TableShape NsgRules { get; } = Shape("nsg_rules", "Rules of every NSG, default ones included; lists are joined by comma.",
        "nsg text, nsg_id text, rule text, priority int, direction text, decision text, protocol text, sources text, source_ports text, destinations text, destination_ports text, is_default bool");

    public static TableShape Subnets { get; } = Shape("subnets", "Subnets.",
        "subnet text, subnet_id text, vnet text, prefixes text, nsg text, route_table text, default_route text");

    public static TableShape FlowLogs { get; } = Shape("flow_logs", "Flow-log resources; kind is nsg, vnet, subnet or nic.",
        "flow_log text, target text, kind text, enabled bool, version int, record_types text, filter text");

    /// <summary>Filled by the resolver for the addresses that the flows hold; kinds are those of <see cref="AddressKinds"/>.</summary>
    public static TableShape Addresses { get; } = Shape("addresses", "Who an address was, and when.",
        "ip text, kind text, name text, node text, pod text, workload text, pool text, role text, service text, subnet text, certain bool");

    public static IReadOnlyList<TableShape> All { get; } =
    [
        Clusters, Nodes, Nics, Services, ServicePorts, Frontends, Probes, Backends, Endpoints, Pods, Ingresses, Nsgs, NsgRules, Subnets, FlowLogs, Addresses,
    ];

    private static TableShape Shape(string name, string meaning, string columns) =>
        new(name, meaning, [.. (columns + ", valid_from timestamp, valid_to timestamp").Split(", ").Select(c => c.Split(' ')).Select(c => new TableColumn(c[0], c[1]))]);
}

/// <summary>What an address can be; the order is the resolver's precedence.</summary>
public static class AddressKinds
{
    public const string Platform = "platform";
    public const string Frontend = "lb_frontend";
    public const string Node = "node";
    public const string Pod = "pod";
    public const string PodUnknown = "pod_unknown";
    public const string ServiceCidr = "service_cidr";
    public const string ApiServer = "apiserver";
    public const string PrivateEndpoint = "private_endpoint";

    /// <summary>A subnet of the platform's: application gateway, bastion, firewall, gateway, private link.</summary>
    public const string Infrastructure = "infrastructure";
    public const string Vm = "vm";
    public const string Vnet = "vnet";
    public const string Peered = "peered";
    public const string OnPremises = "onprem";
    public const string Public = "public";
}
