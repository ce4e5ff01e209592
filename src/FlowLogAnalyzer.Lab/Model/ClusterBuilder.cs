namespace FlowLogAnalyzer.Lab.Model;

/// <summary>Places nodes, pods and clients.</summary>
internal static class ClusterBuilder
{
    public static LabCluster Build(LabSpec spec, LabOptions options)
    {
        var cluster = new LabCluster(spec, new AddressPlan(options.Cni)) { ManagedNicNsg = options.ManagedNicNsg };
        AddNodes(cluster);
        AddClients(cluster);
        new PodPlacer(cluster).Place();
        cluster.Index();
        return cluster;
    }

    /// <summary>Pod ranges are handed out in the order nodes join: first the first node of every pool, then the rest.</summary>
    private static void AddNodes(LabCluster cluster)
    {
        var spec = cluster.Spec;
        var counts = new Dictionary<string, int> { ["system"] = spec.SystemNodes, ["ingress"] = spec.IngressNodes, ["user"] = spec.UserNodes };
        for (var index = 0; index < counts.Values.Max(); index++)
        {
            foreach (var role in AddressPlan.Roles.Where(role => index < counts[role]))
                cluster.Nodes.Add(Node(role, index, cluster.Nodes.Count, cluster.ManagedNicNsg));
        }
    }

    private static LabNode Node(string role, int index, int number, bool managedNsg)
    {
        var vmss = $"aks-{role}-{LabIds.PoolHash}-vmss";
        var nic = new LabNic(number, Mac(number), role, AddressPlan.Host(role, index), AddressPlan.SubnetOf(role), AddressPlan.NsgOf(role),
            managedNsg ? LabIds.ManagedNsg : null);
        return new LabNode(vmss + Base36(index), role, index, number, vmss, nic);
    }

    private static void AddClients(LabCluster cluster)
    {
        for (var i = 0; i < cluster.Spec.Clients; i++)
        {
            var number = 1000 + i;
            var nic = new LabNic(number, Mac(number), "clients", AddressPlan.Host("clients", i), AddressPlan.ClientSubnet, AddressPlan.NsgOf("clients"), null);
            cluster.Clients.Add(new LabClient($"vm-client-{i + 1:D2}", nic.Ip, nic));
        }
    }

    /// <summary>MAC addresses of Azure start with 00-0D-3A (Microsoft's OUI).</summary>
    private static string Mac(int number) => $"000D3A{0x2A1000 + (number * 37):X6}";

    /// <summary>Scale sets number instances in base 36 in the host name.</summary>
    private static string Base36(int value)
    {
        Span<char> digits = stackalloc char[6];
        for (var i = 5; i >= 0; i--, value /= 36)
            digits[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % 36];
        return new string(digits);
    }
}
