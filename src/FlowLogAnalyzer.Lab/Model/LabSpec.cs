namespace FlowLogAnalyzer.Lab.Model;

/// <summary>What a scenario says about the cluster; everything else follows from it and from the options.</summary>
internal sealed record LabSpec
{
    /// <summary>externalTrafficPolicy of the ingress controller's Service: Cluster, or Local.</summary>
    public bool LocalPolicy { get; init; }

    /// <summary>One probe at kube-proxy (port 10356) for all Services of Cluster mode.</summary>
    public bool SharedProbe { get; init; }

    /// <summary>sessionAffinity ClientIP: the load balancer hashes addresses only.</summary>
    public bool ClientAffinity { get; init; }

    /// <summary>Value of the Ingress annotation whitelist-source-range, if any.</summary>
    public string? AllowList { get; init; }

    public int SystemNodes { get; init; } = 1;

    public int IngressNodes { get; init; } = 1;

    public int UserNodes { get; init; } = 1;

    /// <summary>Where the ingress pods run: role and number of the node within its pool.</summary>
    public IReadOnlyList<(string Role, int Node)> IngressPods { get; init; } = [("ingress", 0)];

    public int Clients { get; init; } = 1;

    /// <summary>Rollouts before this one: see <see cref="LabOptions.Rollout"/>.</summary>
    public int Rollout { get; init; }

    /// <summary>Prometheus on the first user node, and a nightly job beside it.</summary>
    public bool Monitoring { get; init; }

    public double RequestsPerSecond { get; init; } = 2;

    /// <summary>
    /// flowTimeoutInMinutes of the VNet. Without it, inbound TCP flows under user rules are stateless for NSG flow logs:
    /// they show a B tuple only (Azure docs, nsg-flow-logs-overview).
    /// </summary>
    public int? FlowTimeoutInMinutes { get; init; }

    public LabSpec With(LabOptions options) => this with
    {
        SystemNodes = options.NodesPerPool ?? SystemNodes,
        IngressNodes = Math.Max(options.NodesPerPool ?? IngressNodes, IngressPods.Where(p => p.Role == "ingress").Max(p => p.Node) + 1),
        UserNodes = Math.Max(options.NodesPerPool ?? UserNodes, IngressPods.Where(p => p.Role == "user").Select(p => p.Node + 1).Append(1).Max()),
        Clients = options.Clients ?? Clients,
        Rollout = options.Rollout,
        RequestsPerSecond = options.RequestsPerSecond ?? RequestsPerSecond,
        ClientAffinity = options.ClientAffinity || ClientAffinity,
        FlowTimeoutInMinutes = options.FlowTimeoutInMinutes ?? FlowTimeoutInMinutes,
    };
}
