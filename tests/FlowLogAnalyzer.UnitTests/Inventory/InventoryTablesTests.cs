using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Tests.Inventory;

public class InventoryTablesTests
{
    private const string IngressNode = "aks-ingress-12345678-vmss000000";
    private static readonly ClusterInventory Cluster = InventoryCases.Build("kubectl", "az");

    [Fact]
    public void Nodes_have_address_pool_role_and_scale_set()
    {
        var nodes = Cluster.Rows("nodes");

        Assert.Equal(
            ["10.10.2.4 ingress ingress pool-name", "10.10.1.4 system system mode", "10.10.3.4 user user mode"],
            nodes.Select(n => $"{n["ip"]} {n["pool"]} {n["role"]} {n["role_source"]}"));
        Assert.All(nodes, n => Assert.Equal($"aks-{n["pool"]}-12345678-vmss", n["vmss"]));
        Assert.All(nodes, n => Assert.Equal(InventoryCases.Time("2026-09-01"), n["valid_from"]));
        Assert.All(nodes, n => Assert.Equal(InventorySchema.EndOfTime, n["valid_to"]));
    }

    [Fact]
    public void A_MAC_leads_to_node_subnet_and_both_NSGs()
    {
        var nic = Cluster.Rows("nics").Single(n => (string?)n["mac"] == "000D3A000002");

        Assert.Equal("node", nic["kind"]);
        Assert.Equal(IngressNode, nic["node"]);
        Assert.Equal("10.10.2.4", nic["ip"]);
        Assert.Equal("snet-ingress", nic["subnet"]);
        Assert.Equal("nsg-ingress", nic["subnet_nsg"]);
        Assert.Equal("aks-agentpool-1-nsg", nic["nic_nsg"]);
        Assert.Equal("ingress", nic["role"]);
    }

    [Fact]
    public void A_VM_of_the_network_is_a_NIC_too()
    {
        var nic = Cluster.Rows("nics").Single(n => (string?)n["mac"] == "000D3A000044");

        Assert.Equal(("vm", "vm-client", null), (nic["kind"], nic["name"], nic["node"]));
    }

    [Fact]
    public void The_ingress_controllers_Service_is_known_as_such()
    {
        var services = Cluster.Rows("services").ToDictionary(s => (string)s["service"]!);

        var ingress = services["ingress/ingress-nginx-controller"];
        Assert.Equal(("LoadBalancer", "Cluster", "10.0.0.80", true, true, false, true), (ingress["type"], ingress["traffic_policy"], ingress["cluster_ip"], ingress["internal"], ingress["floating_ip"], ingress["shared_probe"], ingress["ingress_controller"]));
        Assert.Equal(("ClusterIP", false), (services["shop/api"]["type"], services["shop/api"]["ingress_controller"]));
        Assert.Null(services["shop/api"]["traffic_policy"]);
    }

    [Fact]
    public void The_load_balancers_export_decides_frontends_probes_and_backends()
    {
        var frontend = Assert.Single(Cluster.Rows("frontends"));
        var probe = Assert.Single(Cluster.Rows("probes"));

        Assert.Equal(("ingress/ingress-nginx-controller", "10.10.2.100", 80, 6, true, true), (frontend["service"], frontend["ip"], frontend["port"], frontend["protocol"], frontend["floating_ip"], frontend["internal"]));
        Assert.Equal((31880, "http", "/healthz", "node-port", "lb"), (probe["probe_port"], probe["protocol"], probe["path"], probe["kind"], probe["source"]));
        Assert.Equal(["10.10.2.4", "10.10.1.4", "10.10.3.4"], Cluster.Rows("backends").Select(b => b["ip"]));
    }

    [Fact]
    public void Ready_endpoints_carry_the_resolved_target_port_and_the_Services_port()
    {
        var endpoints = Cluster.Rows("endpoints").Where(e => (string)e["service"]! != "default/kubernetes").ToList();

        Assert.Equal(
            [$"ingress/ingress-nginx-controller 80 10.244.1.10:8080 {IngressNode} ingress/ingress-nginx-controller-7d9f-abcde", "shop/api 8080 10.244.2.20:8080 aks-user-12345678-vmss000000 shop/api-5c6d-fghij"],
            endpoints.Select(e => $"{e["service"]} {e["port"]} {e["ip"]}:{e["target_port"]} {e["node"]} {e["pod"]}"));
        Assert.All(endpoints, e => Assert.Equal(InventoryCases.Time("2026-10-01"), e["valid_from"]));
    }

    [Fact]
    public void Pods_know_workload_and_host_network()
    {
        var pods = Cluster.Rows("pods").ToDictionary(p => (string)p["pod"]!);

        Assert.Equal(("Deployment/api", "api", false), (pods["shop/api-5c6d-fghij"]["workload"], pods["shop/api-5c6d-fghij"]["app"], pods["shop/api-5c6d-fghij"]["host_network"]));
        Assert.Equal(("DaemonSet/kube-proxy", true), (pods["kube-system/kube-proxy-user"]["workload"], pods["kube-system/kube-proxy-user"]["host_network"]));
    }

    [Fact]
    public void An_Ingress_leads_to_the_Service_of_its_controller_and_its_allow_list()
    {
        var ingress = Assert.Single(Cluster.Rows("ingresses"));

        Assert.Equal(("shop/shop", "nginx", "ingress/ingress-nginx-controller", "10.10.4.0/24,10.10.5.0/24", "shop/api"), (ingress["ingress"], ingress["class"], ingress["service"], ingress["allow_list"], ingress["backend_services"]));
        Assert.Equal("nginx.ingress.kubernetes.io/whitelist-source-range", ingress["annotation"]);
    }

    [Fact]
    public void Subnets_know_NSG_and_default_route()
    {
        var subnet = Cluster.Rows("subnets").Single(s => (string?)s["subnet"] == "snet-user");

        Assert.Equal(("vnet-shop", "10.10.3.0/24", "nsg-user", "rt-shop", "VirtualAppliance 10.50.0.4"), (subnet["vnet"], subnet["prefixes"], subnet["nsg"], subnet["route_table"], subnet["default_route"]));
        Assert.Null(Cluster.Rows("subnets").Single(s => (string?)s["subnet"] == "snet-clients")["default_route"]);
    }

    [Fact]
    public void NSGs_are_found_by_ARM_id_and_by_GUID_and_have_their_default_rules()
    {
        Assert.Equal(
            ["/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/rg-shop/providers/microsoft.network/networksecuritygroups/nsg-ingress", "00000002-aaaa-bbbb-cccc-000000000000"],
            Cluster.Rows("nsgs").Where(n => (string)n["nsg"]! == "nsg-ingress").Select(n => n["acl_key"]).Order());

        var rules = Cluster.Rows("nsg_rules").Where(r => (string)r["nsg"]! == "nsg-ingress").ToDictionary(r => (string)r["rule"]!);
        Assert.Equal((110, "Inbound", "Allow", "Tcp", "10.10.4.0/24,10.10.5.0/24", "10.10.2.100/32", "80", false), (rules["allow-client"]["priority"], rules["allow-client"]["direction"], rules["allow-client"]["decision"], rules["allow-client"]["protocol"], rules["allow-client"]["sources"], rules["allow-client"]["destinations"], rules["allow-client"]["destination_ports"], rules["allow-client"]["is_default"]));
        Assert.Equal((65500, true), (rules["DenyAllInBound"]["priority"], rules["DenyAllInBound"]["is_default"]));
        Assert.Equal(3, Cluster.NetworkSecurityGroups.Count);
    }

    [Fact]
    public void The_cluster_knows_its_pod_network()
    {
        var cluster = Assert.Single(Cluster.Rows("clusters"));

        Assert.Equal(("aks-shop", "kubenet", "10.244.0.0/16", "10.0.0.0/16", false), (cluster["cluster"], cluster["network_mode"], cluster["pod_cidr"], cluster["service_cidr"], cluster["shared_probe"]));
    }

    [Theory]
    [InlineData("kubenet", null, null, "kubenet")]
    [InlineData("azure", "overlay", null, "overlay")]
    [InlineData("azure", null, null, "node-subnet")]
    [InlineData("azure", null, "/subnets/pods", "pod-subnet")]
    [InlineData("none", null, null, "none")]
    public void Network_mode_follows_from_plugin_mode_and_pod_subnet(string plugin, string? mode, string? podSubnet, string expected)
    {
        using var snapshots = new Snapshots().Add("2026-11-01T10:00:00Z", new
        {
            id = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ContainerService/managedClusters/c",
            networkProfile = new { networkPlugin = plugin, networkPluginMode = mode },
            agentPoolProfiles = new[] { new { name = "a", podSubnetId = podSubnet } },
        });

        Assert.Equal(expected, snapshots.Build().Rows("clusters").Single()["network_mode"]);
    }

    [Fact]
    public void Flow_logs_say_what_they_record()
    {
        var log = Assert.Single(Cluster.Rows("flow_logs"));

        Assert.Equal(("fl-vnet", "vnet", true, 2, "B,E"), (log["flow_log"], log["kind"], log["enabled"], log["version"], log["record_types"]));
    }

    [Fact]
    public void Without_nodes_the_scale_set_NICs_name_them()
    {
        var nodes = InventoryCases.Build("az").Rows("nodes");

        Assert.Equal([IngressNode, "aks-system-12345678-vmss000000", "aks-user-12345678-vmss000000"], nodes.Select(n => n["node"]));
        Assert.Equal(["ingress", "system", "user"], nodes.Select(n => n["role"]));
        Assert.Equal("aks-x-vmss00000k", FlowLogAnalyzer.Inventory.Timeline.NodesFromNics.NodeName("/a/virtualmachinescalesets/aks-x-vmss/virtualmachines/20"));
    }

    [Fact]
    public void Without_the_load_balancer_all_nodes_that_are_ready_and_not_excluded_are_backends()
    {
        using var snapshots = new Snapshots().Add("2026-11-01T10:00:00Z", Kube.List(
            Kube.Service(Kube.LoadBalancerSpec()),
            Kube.Node("n1", "10.1.0.4"),
            Kube.Node("n2", "10.1.0.5", labels: new() { ["node.kubernetes.io/exclude-from-external-load-balancers"] = "" })));

        var inventory = snapshots.Build();

        Assert.Equal(["n1"], inventory.Rows("backends").Select(b => b["node"]));
        Assert.Equal([false, true], inventory.Rows("nodes").Select(n => n["excluded_from_lb"]));
    }

    [Fact]
    public void Every_row_has_a_cell_of_a_known_type_for_every_column()
    {
        foreach (var table in Cluster.Tables)
            foreach (var row in table.Rows)
            {
                Assert.Equal(table.Shape.Columns.Count, row.Length);
                foreach (var (column, cell) in table.Shape.Columns.Zip(row).Where(p => p.Second is not null))
                    Assert.Equal(column.SqlType, cell switch { string => "text", int => "int", bool => "bool", DateTime { Kind: DateTimeKind.Utc } => "timestamp", _ => cell!.GetType().Name });
            }

        Assert.Equal(InventorySchema.All.Where(s => s.Name != "addresses").Select(s => s.Name), Cluster.Tables.Select(t => t.Shape.Name));
    }
}
