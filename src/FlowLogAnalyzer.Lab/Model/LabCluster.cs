namespace FlowLogAnalyzer.Lab.Model;

/// <summary>A network interface that logs. Offsets differ per NIC, as in real logs.</summary>
internal sealed record LabNic(int Index, string Mac, string Role, uint Ip, string Subnet, string SubnetNsg, string? NicNsg)
{
    /// <summary>Milliseconds after the full minute at which this NIC's records are made.</summary>
    public int RecordOffset { get; } = (int)(LabRandom.Mix((ulong)Index + 77) % 60_000);

    /// <summary>Seconds, modulo 300, at which this NIC's continuing tuples are made.</summary>
    public int ContinuationOffset { get; } = (int)(LabRandom.Mix((ulong)Index + 1977) % 300);

    // One object per NIC; comparing the fields of all of them for each tuple would be slow. The same below.
    public bool Equals(LabNic? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Index;
}

internal sealed record LabNode(string Name, string Role, int PoolIndex, int Number, string Vmss, LabNic Nic)
{
    public uint Ip => Nic.Ip;

    public bool Equals(LabNode? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Number;
}

internal sealed record LabPod(string Namespace, string Name, string App, LabNode Node, uint Ip, int Port, bool HostNetwork = false)
{
    public bool Equals(LabPod? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => (int)Ip;
}

internal sealed record LabClient(string Name, uint Ip, LabNic Nic)
{
    public bool Equals(LabClient? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => (int)Ip;
}

/// <summary>The simulated cluster: who is where. It does not change during a run; NSG rules do.</summary>
internal sealed class LabCluster(LabSpec spec, AddressPlan plan)
{
    public LabSpec Spec => spec;

    public AddressPlan Plan => plan;

    public List<LabNode> Nodes { get; } = [];

    public List<LabPod> Pods { get; } = [];

    public List<LabClient> Clients { get; } = [];

    public bool ManagedNicNsg { get; init; }

    public IEnumerable<LabNic> Nics => Nodes.Select(n => n.Nic).Concat(Clients.Select(c => c.Nic));

    public IReadOnlyList<LabPod> App(string app) => [.. Pods.Where(p => p.App == app)];

    public IReadOnlyList<LabNode> Pool(string role) => [.. Nodes.Where(n => n.Role == role)];

    public LabNode Node(string role, int index = 0) => Pool(role)[index];

    public IReadOnlyList<string> Names(params string[] roles) => [.. Nodes.Where(n => roles.Contains(n.Role)).Select(n => n.Name).Order(StringComparer.Ordinal)];

    /// <summary>Names of the nodes that have to pass connections on to another node.</summary>
    public IReadOnlyList<string> NamesWithoutIngressPod =>
        [.. Nodes.Where(n => !App("ingress-nginx").Any(p => p.Node == n)).Select(n => n.Name).Order(StringComparer.Ordinal)];

    /// <summary>
    /// The address a pod shows to something that is not a pod: its node's on kubenet and overlay; its own towards the VNet and
    /// its node's towards the outside where pods have VNet addresses.
    /// </summary>
    public uint SourceOf(LabPod pod, bool towardsVnet) =>
        pod.HostNetwork || !plan.FlatPods || !towardsVnet ? pod.Node.Ip : pod.Ip;

    /// <summary>The NIC behind an address of the VNet or of a pod; null when nothing is there.</summary>
    public LabNic? NicAt(uint address) => _byAddress.GetValueOrDefault(address);

    public void Index()
    {
        foreach (var nic in Nics)
            _byAddress[nic.Ip] = nic;
        foreach (var pod in Pods)
            _byAddress[pod.Ip] = pod.Node.Nic;
    }

    private readonly Dictionary<uint, LabNic> _byAddress = [];
}

/// <summary>The Service of the ingress controller; numbers as Kubernetes and the cloud provider would hand them out.</summary>
internal static class LabService
{
    public const string Namespace = "ingress";
    public const string Name = "ingress-nginx-controller";
    public const string FullName = Namespace + "/" + Name;
    public const int Port = 80;
    public const int TargetPort = 80;
    public const int NodePort = 31880;
    public const int HealthCheckNodePort = 31049;

    /// <summary>What the shared probe asks on AKS (Azure docs, shared-health-probes).</summary>
    public const int SharedProbePort = 10356;
    public const int AppPort = 8080;
    public const int KubeletPort = 10250;

    public static int ProbePort(LabSpec spec) => spec.LocalPolicy ? HealthCheckNodePort : spec.SharedProbe ? SharedProbePort : NodePort;
}
