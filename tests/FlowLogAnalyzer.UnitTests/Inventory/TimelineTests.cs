using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Tests.Inventory;

public class TimelineTests
{
    private const string T1 = "2026-11-01T10:00:00Z";
    private const string T2 = "2026-11-01T12:00:00Z";
    private const string T3 = "2026-11-01T14:00:00Z";

    private static DateTime Time(string text) => InventoryCases.Time(text);

    [Fact]
    public void An_entity_seen_once_lives_from_its_creation_to_the_end_of_time()
    {
        using var snapshots = new Snapshots().Add(T1, Kube.List(Kube.Node("n1", "10.1.0.4", "2026-02-01T00:00:00Z")));

        var node = snapshots.Build().Rows("nodes").Single();

        Assert.Equal((Time("2026-02-01"), InventorySchema.EndOfTime), (node["valid_from"], node["valid_to"]));
    }

    [Fact]
    public void The_same_uid_in_later_snapshots_extends_one_interval()
    {
        var nodes = Kube.List(Kube.Node("n1", "10.1.0.4"));
        using var snapshots = new Snapshots().Add(T1, nodes).Add(T2, nodes).Add(T3, nodes);

        Assert.Single(snapshots.Build().Rows("nodes"));
    }

    [Fact]
    public void An_address_used_again_changes_hands_at_the_creation_of_the_next_pod()
    {
        using var snapshots = new Snapshots()
            .Add(T1, Kube.List(Kube.Pod("old", "10.2.0.9", "2026-11-01T08:00:00Z")))
            .Add(T2, Kube.List(Kube.Pod("new", "10.2.0.9", "2026-11-01T11:00:00Z")));

        var rows = snapshots.Build().Resolve("10.2.0.9").Where(r => r.Facts.Kind == "pod").ToList();

        Assert.Equal(["shop/old", "shop/new"], rows.Where(r => r.Certain).Select(r => r.Facts.Name));
        Assert.Equal(("shop/old", true), Who(snapshots, "10.2.0.9", "2026-11-01T09:00:00Z"));
        Assert.Equal(("shop/old", false), Who(snapshots, "10.2.0.9", "2026-11-01T10:30:00Z"));
        Assert.Equal(("shop/new", true), Who(snapshots, "10.2.0.9", "2026-11-01T11:00:00Z"));
    }

    [Fact]
    public void A_pod_created_before_the_last_sighting_of_the_former_owner_waits_for_it()
    {
        using var snapshots = new Snapshots()
            .Add(T1, Kube.List(Kube.Pod("old", "10.2.0.9", "2026-11-01T08:00:00Z")))
            .Add(T2, Kube.List(Kube.Pod("new", "10.2.0.9", "2026-11-01T09:30:00Z")));

        Assert.Equal(("shop/old", true), Who(snapshots, "10.2.0.9", "2026-11-01T09:45:00Z"));
        Assert.Equal(("shop/new", false), Who(snapshots, "10.2.0.9", "2026-11-01T11:00:00Z"));
        Assert.Equal(("shop/new", true), Who(snapshots, "10.2.0.9", "2026-11-01T12:00:00Z"));
    }

    [Fact]
    public void Two_owners_in_one_snapshot_are_not_certain()
    {
        using var snapshots = new Snapshots().Add(T1, Kube.List(Kube.Pod("a", "10.2.0.9", "2026-11-01T08:00:00Z"), Kube.Pod("b", "10.2.0.9", "2026-11-01T09:00:00Z")));

        Assert.Equal(("shop/a", true), Who(snapshots, "10.2.0.9", "2026-11-01T08:30:00Z"));
        Assert.Equal(("shop/b", false), Who(snapshots, "10.2.0.9", "2026-11-01T10:00:00Z"));
    }

    [Fact]
    public void A_finished_pod_gives_its_address_back()
    {
        using var snapshots = new Snapshots().Add(T1, Kube.List(
            Kube.Pod("job", "10.2.0.9", "2026-11-01T08:00:00Z", phase: "Succeeded", finished: "2026-11-01T08:10:00Z"),
            Kube.Pod("web", "10.2.0.9", "2026-11-01T08:20:00Z")));

        Assert.Equal(("shop/job", true), Who(snapshots, "10.2.0.9", "2026-11-01T08:05:00Z"));
        Assert.Null(snapshots.Build().ResolveAt("10.2.0.9", Time("2026-11-01T08:15:00Z")).Facts.Name);
        Assert.Equal(("shop/web", true), Who(snapshots, "10.2.0.9", "2026-11-01T09:00:00Z"));
    }

    [Fact]
    public void Scale_in_ends_a_node_and_a_new_node_takes_over_name_and_address()
    {
        using var snapshots = new Snapshots()
            .Add(T1, Kube.List(Kube.Node("n1", "10.1.0.4"), Kube.Node("n2", "10.1.0.5", uid: "first")))
            .Add(T2, Kube.List(Kube.Node("n1", "10.1.0.4")))
            .Add(T3, Kube.List(Kube.Node("n1", "10.1.0.4"), Kube.Node("n2", "10.1.0.5", "2026-11-01T13:00:00Z", uid: "second")));

        var rows = snapshots.Build().Rows("nodes").Where(n => (string)n["node"]! == "n2").OrderBy(n => n["valid_from"]).ToList();

        Assert.Equal([Time(T2), InventorySchema.EndOfTime], rows.Select(r => r["valid_to"]));
        Assert.Equal(Time("2026-11-01T13:00:00Z"), rows[1]["valid_from"]);
        Assert.Equal(("n2", false), Who(snapshots, "10.1.0.5", "2026-11-01T11:00:00Z"));
        Assert.Null(snapshots.Build().ResolveAt("10.1.0.5", Time("2026-11-01T12:30:00Z")).Facts.Name);
        Assert.Equal(("n2", true), Who(snapshots, "10.1.0.5", "2026-11-01T13:30:00Z"));
    }

    [Fact]
    public void A_change_of_the_traffic_policy_starts_a_new_interval_of_service_and_probe()
    {
        using var snapshots = new Snapshots()
            .Add(T1, Kube.List(Kube.Service(Kube.LoadBalancerSpec())))
            .Add(T2, Kube.List(Kube.Service(Kube.LoadBalancerSpec("Local", 31049))));

        var inventory = snapshots.Build();

        Assert.Equal([("Cluster", Time(T2)), ("Local", InventorySchema.EndOfTime)], inventory.Rows("services").Select(s => ((string)s["traffic_policy"]!, (DateTime)s["valid_to"]!)));
        Assert.Equal([(31049, Time(T2)), (31880, Time("2026-01-01"))], inventory.Rows("probes").Select(p => ((int)p["probe_port"]!, (DateTime)p["valid_from"]!)));
        Assert.Single(inventory.Rows("frontends"));
    }

    [Fact]
    public void A_changed_rule_starts_a_new_version_of_the_NSG_and_of_that_rule_only()
    {
        static object Nsg(string access) => new[]
        {
            new
            {
                id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/nsg-a",
                name = "nsg-a",
                type = "Microsoft.Network/networkSecurityGroups",
                etag = access,
                securityRules = new[] { Rule("r1", 100, "Allow"), Rule("r2", 200, access) },
            },
        };
        static object Rule(string name, int priority, string access) => new
        {
            name,
            priority,
            access,
            direction = "Inbound",
            protocol = "Tcp",
            sourceAddressPrefix = "*",
            destinationAddressPrefix = "*",
            sourcePortRange = "*",
            destinationPortRange = "80",
        };
        using var snapshots = new Snapshots().Add(T1, Nsg("Deny")).Add(T2, Nsg("Allow"));

        var inventory = snapshots.Build();

        Assert.Equal([("Allow", Time(T2)), ("Deny", InventorySchema.BeginningOfTime)], inventory.Rows("nsg_rules").Where(r => (string)r["rule"]! == "r2").Select(r => ((string)r["decision"]!, (DateTime)r["valid_from"]!)));
        Assert.Single(inventory.Rows("nsg_rules"), r => (string)r["rule"]! == "r1");
        Assert.Equal([(InventorySchema.BeginningOfTime, Time(T2)), (Time(T2), InventorySchema.EndOfTime)], inventory.NetworkSecurityGroups.Select(n => (n.From, n.To)));
        Assert.Single(inventory.Rows("nsgs"));
    }

    [Fact]
    public void A_snapshot_of_nodes_alone_does_not_end_the_pods()
    {
        var node = Kube.Node("n1", "10.1.0.4");
        using var snapshots = new Snapshots()
            .Add(T1, Kube.List(node, Kube.Pod("a", "10.2.0.9", "2026-11-01T08:00:00Z")))
            .Add(T2, Kube.List(node));

        Assert.Equal(InventorySchema.EndOfTime, snapshots.Build().Rows("pods").Single()["valid_to"]);
    }

    [Fact]
    public void A_single_object_and_a_listing_of_another_namespace_do_not_end_anything()
    {
        var (a, b) = (Kube.Pod("a", "10.2.0.9", "2026-11-01T08:00:00Z"), Kube.Pod("b", "10.2.0.10", "2026-11-01T08:00:00Z", space: "other"));
        using var snapshots = new Snapshots().Add(T1, Kube.List(a, b)).Add(T2, a).Add(T3, Kube.List(b));

        Assert.All(snapshots.Build().Rows("pods"), p => Assert.Equal(InventorySchema.EndOfTime, p["valid_to"]));
    }

    [Fact]
    public void An_empty_typed_list_of_cluster_objects_ends_them()
    {
        using var snapshots = new Snapshots().Add(T1, Kube.List(Kube.Node("n1", "10.1.0.4"))).Add(T2, Kube.TypedList("NodeList"));

        Assert.Equal(Time(T2), snapshots.Build().Rows("nodes").Single()["valid_to"]);
    }

    [Fact]
    public void An_endpoint_ends_when_its_slice_no_longer_shows_it()
    {
        static object Slice(params string[] ips) => Kube.List(new
        {
            apiVersion = "discovery.k8s.io/v1",
            kind = "EndpointSlice",
            metadata = new { name = "web-1", @namespace = "shop", uid = "slice", creationTimestamp = "2026-01-01T00:00:00Z", labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "web" } },
            endpoints = ips.Select(ip => new { addresses = new[] { ip }, nodeName = "n1" }),
            ports = new[] { new { name = "http", port = 8080, protocol = "TCP" } },
        });
        using var snapshots = new Snapshots().Add(T1, Slice("10.2.0.9", "10.2.0.10")).Add(T2, Slice("10.2.0.10"));

        Assert.Equal([("10.2.0.10", InventorySchema.EndOfTime), ("10.2.0.9", Time(T2))], snapshots.Build().Rows("endpoints").Select(e => ((string)e["ip"]!, (DateTime)e["valid_to"]!)));
    }

    [Fact]
    public void A_NIC_that_is_replaced_under_its_name_is_another_NIC()
    {
        static object Nic(string mac) => new[] { new { id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/a", name = "a", macAddress = mac, virtualMachine = new { id = "/vm/" + mac } } };
        using var snapshots = new Snapshots().Add(T1, Nic("00-0D-3A-00-00-01")).Add(T2, Nic("00-0D-3A-00-00-02"));

        var nics = snapshots.Build().Rows("nics");

        Assert.Equal(["000D3A000001", "000D3A000002"], nics.Select(n => n["mac"]));
        Assert.True((DateTime)nics[0]["valid_to"]! <= Time(T2));
    }

    private static (string?, bool) Who(Snapshots snapshots, string ip, string time)
    {
        var row = snapshots.Build().ResolveAt(ip, Time(time));
        return (row.Facts.Name, row.Certain);
    }
}
