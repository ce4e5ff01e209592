using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Tests.Inventory;

public class AddressResolverTests
{
    private static readonly ClusterInventory Cluster = InventoryCases.Build("kubectl", "az");

    [Theory]
    [InlineData("168.63.129.16", "platform", "azure-platform")]
    [InlineData("169.254.169.254", "platform", "instance-metadata")]
    [InlineData("fe80::1234:5678:9abc", "platform", "link-local")]
    [InlineData("10.10.2.100", "lb_frontend", "ingress/ingress-nginx-controller")]
    [InlineData("203.0.113.10", "lb_frontend", "kubernetes/out")]
    [InlineData("10.10.3.4", "node", "aks-user-12345678-vmss000000")]
    [InlineData("10.244.2.20", "pod", "shop/api-5c6d-fghij")]
    [InlineData("10.10.3.30", "pod_unknown", null)]
    [InlineData("10.244.2.99", "pod_unknown", null)]
    [InlineData("10.244.77.1", "pod_unknown", null)]
    [InlineData("10.0.0.80", "service_cidr", "ingress/ingress-nginx-controller")]
    [InlineData("10.0.77.1", "service_cidr", null)]
    [InlineData("20.50.60.70", "apiserver", "kube-apiserver")]
    [InlineData("10.10.202.5", "private_endpoint", "pe-sql")]
    [InlineData("10.10.200.7", "infrastructure", "bastion")]
    [InlineData("10.10.201.7", "infrastructure", "application gateway")]
    [InlineData("10.10.4.4", "vm", "vm-client")]
    [InlineData("10.10.4.5", "vnet", "snet-clients")]
    [InlineData("10.10.99.1", "vnet", "vnet-shop")]
    [InlineData("100.100.1.1", "vnet", "vnet-shop")]
    [InlineData("51.0.0.9", "vnet", "vnet-shop")]
    [InlineData("10.50.1.1", "peered", "vnet-hub")]
    [InlineData("192.168.7.7", "onprem", "192.168.0.0/16")]
    [InlineData("203.0.113.99", "public", "pip-other")]
    [InlineData("8.8.8.8", "public", null)]
    [InlineData("2001:db8::1", "public", null)]
    public void Every_step_of_the_precedence_has_an_address(string ip, string kind, string? name)
    {
        var row = Cluster.ResolveNow(ip);

        Assert.Equal((kind, name, true), (row.Facts.Kind, row.Facts.Name, row.Certain));
    }

    [Fact]
    public void Pods_and_secondary_addresses_lead_to_node_pool_and_role()
    {
        var pod = Cluster.ResolveNow("10.244.2.20").Facts;
        var secondary = Cluster.ResolveNow("10.10.3.30").Facts;
        var range = Cluster.ResolveNow("10.244.2.99").Facts;

        Assert.Equal(("aks-user-12345678-vmss000000", "user", "user", "shop/api-5c6d-fghij", "Deployment/api"), (pod.Node, pod.Pool, pod.Role, pod.Pod, pod.Workload));
        Assert.All([secondary, range], f => Assert.Equal(("aks-user-12345678-vmss000000", "user", "user", null), (f.Node, f.Pool, f.Role, f.Pod)));
        Assert.Null(Cluster.ResolveNow("10.244.77.1").Facts.Node);
    }

    [Fact]
    public void An_address_in_a_subnet_names_it_whatever_it_is()
    {
        Assert.Equal("snet-ingress", Cluster.ResolveNow("10.10.2.100").Subnet);
        Assert.Equal("snet-user", Cluster.ResolveNow("10.10.3.4").Subnet);
        Assert.Null(Cluster.ResolveNow("10.244.2.20").Subnet);
    }

    [Fact]
    public void A_host_network_pod_does_not_take_the_nodes_address()
    {
        Assert.DoesNotContain(Cluster.Resolve("10.10.3.4"), r => r.Facts.Kind == "pod");
    }

    [Fact]
    public void On_premises_ranges_come_from_the_user_too()
    {
        var options = new InventoryOptions { OnPremises = new Dictionary<string, IReadOnlyList<string>> { ["plant"] = ["172.20.0.0/14"] } };

        var row = ClusterInventory.Build([], options).ResolveNow("172.21.0.1");

        Assert.Equal(("onprem", "plant", true), (row.Facts.Kind, row.Facts.Name, row.Certain));
    }

    [Theory]
    [InlineData("168.63.129.16", "platform", true)]
    [InlineData("10.1.2.3", "onprem", false)]
    [InlineData("100.64.0.1", "onprem", false)]
    [InlineData("fd00::1", "onprem", false)]
    [InlineData("1.1.1.1", "public", true)]
    public void Without_documents_addresses_are_platform_private_or_public(string ip, string kind, bool certain)
    {
        var row = Assert.Single(ClusterInventory.Empty.Resolve(ip));

        Assert.Equal((kind, certain, InventorySchema.BeginningOfTime, InventorySchema.EndOfTime), (row.Facts.Kind, row.Certain, row.From, row.To));
        Assert.All(ClusterInventory.Empty.Tables, t => Assert.Empty(t.Rows));
    }

    [Fact]
    public void Intervals_cover_all_time_without_gap_or_overlap()
    {
        foreach (var ip in (string[])["10.244.2.20", "10.10.2.100", "10.10.3.4", "8.8.8.8", "10.10.4.4"])
        {
            var rows = Cluster.Resolve(ip);
            Assert.Equal(InventorySchema.BeginningOfTime, rows[0].From);
            Assert.Equal(InventorySchema.EndOfTime, rows[^1].To);
            Assert.All(rows.Zip(rows.Skip(1)), p => Assert.Equal(p.First.To, p.Second.From));
        }
    }

    [Fact]
    public void Before_its_creation_a_pods_address_is_that_of_some_pod_of_the_node()
    {
        Assert.Equal(["public", "pod_unknown", "pod"], ClusterInventory.Build(InventoryCases.Import("kubectl").Documents).Resolve("10.244.2.20").Select(r => r.Facts.Kind == "onprem" ? "public" : r.Facts.Kind));
    }

    [Fact]
    public void The_table_holds_every_address_once_in_address_order()
    {
        string[] ips = ["10.10.3.4", "8.8.8.8", "10.10.3.4"];

        var table = Cluster.ResolveAll(ips.Select(ip => IpAddressKey.TryParse(ip, out var key) ? key : default));

        Assert.Equal(["8.8.8.8", "10.10.3.4"], table.Rows.Select(r => (string)r[0]!).Distinct());
        Assert.All(table.Rows, r => Assert.Equal(InventorySchema.Addresses.Columns.Count, r.Length));
    }
}
