namespace FlowLogAnalyzer.Lab.Model;

/// <summary>Puts the usual pods on the nodes and gives each an address.</summary>
internal sealed class PodPlacer(LabCluster cluster)
{
    private readonly Dictionary<(int Node, string App), int> _perNode = [];
    private readonly Dictionary<string, int> _perSubnet = [];

    public void Place()
    {
        foreach (var (role, node) in cluster.Spec.IngressPods)
            Add(LabService.Namespace, "ingress-nginx-controller", "ingress-nginx", cluster.Node(role, node), LabService.TargetPort);
        foreach (var node in cluster.Pool("user"))
            Add("shop", "api", "api", node, LabService.AppPort);

        if (cluster.Spec.Monitoring)
        {
            Add("monitoring", "prometheus", "prometheus", cluster.Node("user"), 9090);
            Add("shop", "nightly", "nightly", cluster.Node("user"), 8081);
        }

        var system = cluster.Pool("system");
        for (var i = 0; i < 2; i++)
        {
            Add("kube-system", "coredns", "kube-dns", system[i % system.Count], 53);
            Add("kube-system", "konnectivity-agent", "konnectivity-agent", system[i % system.Count], 8093);
        }
        Add("kube-system", "metrics-server", "metrics-server", system[0], 4443);
        foreach (var node in cluster.Nodes)
        {
            AddHostPod("kube-proxy", node, 10249);
            AddHostPod("cloud-node-manager", node, 10263);
        }
    }

    private void Add(string space, string workload, string app, LabNode node, int port)
    {
        var nth = _perNode[(node.Number, app)] = _perNode.GetValueOrDefault((node.Number, app), -1) + 1;
        var name = $"{workload}-{Suffix(workload + Rollout, 10)}-{Suffix(workload + node.Name + nth + Rollout, 5)}";
        cluster.Pods.Add(new LabPod(space, name, app, node, Address(node, app, nth), port));
    }

    /// <summary>Nothing for the first, so that a cluster without rollouts is what it always was.</summary>
    private string Rollout => cluster.Spec.Rollout == 0 ? "" : cluster.Spec.Rollout.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void AddHostPod(string workload, LabNode node, int port) =>
        cluster.Pods.Add(new LabPod("kube-system", $"{workload}-{Suffix(workload + node.Name, 5)}", workload, node, node.Ip, port, HostNetwork: true));

    /// <summary>Every app has its own tens in the node's /24; with VNet addresses, pods follow from .120 on.</summary>
    private uint Address(LabNode node, string app, int nth)
    {
        if (cluster.Plan.FlatPods)
        {
            var next = _perSubnet[node.Role] = _perSubnet.GetValueOrDefault(node.Role, 119) + 1;
            return AddressPlan.Network(AddressPlan.Prefix(node.Role)) + (uint)next;
        }
        var tens = app switch { "ingress-nginx" => 0, "api" => 1, "kube-dns" => 2, "metrics-server" => 3, "prometheus" => 5, "nightly" => 6, _ => 4 };
        return AddressPlan.PodNetwork(node.Number) + (uint)(((tens + cluster.Spec.Rollout) % 7 * 10) + 10 + nth);
    }

    /// <summary>The alphabet of generated Kubernetes names (k8s.io/apimachinery, util/rand).</summary>
    private static string Suffix(string seed, int length)
    {
        var random = new LabRandom(LabRandom.Hash(seed));
        return string.Concat(Enumerable.Range(0, length).Select(_ => "bcdfghjklmnpqrstvwxz2456789"[random.Below(27)]));
    }
}
