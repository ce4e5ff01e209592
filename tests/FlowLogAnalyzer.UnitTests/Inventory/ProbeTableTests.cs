namespace FlowLogAnalyzer.Tests.Inventory;

public class ProbeTableTests
{
    private const string Prefix = "service.beta.kubernetes.io/";

    private static string Probes(object service, bool shared = false)
    {
        var aks = new
        {
            id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c",
            networkProfile = new { loadBalancerProfile = new { clusterServiceLoadBalancerHealthProbeMode = shared ? "Shared" : "ServiceNodePort" } },
        };
        using var snapshots = new Snapshots().Add("2026-11-01T10:00:00Z", Kube.List(service), aks);
        return string.Join("; ", snapshots.Build().Rows("probes").Select(p => $"{p["port"]} {p["probe_port"]} {p["protocol"]} {p["path"] ?? "-"} {p["interval_seconds"]}x{p["threshold"]} {p["kind"]} {p["source"]}"));
    }

    [Theory]
    [InlineData("Cluster", null, null, "80 31880 tcp - 5x2 node-port service")]
    [InlineData("Cluster", null, "http", "80 31880 http / 5x2 node-port service")]
    [InlineData("Local", 31049, "http", "80 31049 http /healthz 5x2 health-check service")]
    [InlineData("Local", 31049, null, "80 31049 http /healthz 5x2 health-check service")]
    public void Derives_the_probe_from_the_traffic_policy(string policy, int? health, string? app, string expected) =>
        Assert.Equal(expected, Probes(Kube.Service(Kube.LoadBalancerSpec(policy, health, app))));

    [Fact]
    public void Shared_mode_probes_kube_proxy_for_Cluster_Services_only()
    {
        Assert.Equal("80 10356 http /healthz 5x2 shared service", Probes(Kube.Service(Kube.LoadBalancerSpec()), shared: true));
        Assert.Equal("80 31049 http /healthz 5x2 health-check service", Probes(Kube.Service(Kube.LoadBalancerSpec("Local", 31049)), shared: true));
    }

    [Theory]
    [InlineData("8099", "80 8099 tcp - 5x2 custom service")]
    [InlineData("http", "80 31880 tcp - 5x2 custom service")]
    [InlineData("80", "80 31880 tcp - 5x2 custom service")]
    public void An_annotated_probe_port_goes_before_the_health_check_port(string value, string expected) =>
        Assert.Equal(expected, Probes(Kube.Service(Kube.LoadBalancerSpec("Local", 31049), new() { [Prefix + "port_80_health-probe_port"] = value })));

    [Fact]
    public void Annotations_set_protocol_path_interval_and_threshold_and_the_ports_own_win()
    {
        var service = Kube.Service(Kube.LoadBalancerSpec(), new()
        {
            [Prefix + "azure-load-balancer-health-probe-protocol"] = "Http",
            [Prefix + "azure-load-balancer-health-probe-request-path"] = "/all",
            [Prefix + "port_80_health-probe_request-path"] = "/healthz",
            [Prefix + "azure-load-balancer-health-probe-interval"] = "10",
            [Prefix + "azure-load-balancer-health-probe-num-of-probe"] = "3",
        });

        Assert.Equal("80 31880 http /healthz 10x3 node-port service", Probes(service));
    }

    [Fact]
    public void UDP_and_ports_switched_off_have_no_probe()
    {
        Assert.Equal("", Probes(Kube.Service(Kube.LoadBalancerSpec(protocol: "UDP"))));
        Assert.Equal("", Probes(Kube.Service(Kube.LoadBalancerSpec(), new() { [Prefix + "port_80_no_probe_rule"] = "true" })));
        Assert.Equal("", Probes(Kube.Service(Kube.LoadBalancerSpec(), new() { [Prefix + "port_80_no_lb_rule"] = "true" })));
    }

    [Fact]
    public void Floating_IP_is_on_unless_the_annotation_says_otherwise()
    {
        using var on = new Snapshots().Add("2026-11-01T10:00:00Z", Kube.List(Kube.Service(Kube.LoadBalancerSpec())));
        using var off = new Snapshots().Add("2026-11-01T10:00:00Z", Kube.List(Kube.Service(Kube.LoadBalancerSpec(), new() { [Prefix + "azure-disable-load-balancer-floating-ip"] = "true" })));

        Assert.Equal(true, on.Build().Rows("frontends").Single()["floating_ip"]);
        Assert.Equal(false, off.Build().Rows("frontends").Single()["floating_ip"]);
    }
}
