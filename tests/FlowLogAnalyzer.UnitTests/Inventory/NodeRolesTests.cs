using FlowLogAnalyzer.Inventory;

namespace FlowLogAnalyzer.Tests.Inventory;

public class NodeRolesTests
{
    private const string Pool = "kubernetes.azure.com/agentpool";
    private const string Mode = "kubernetes.azure.com/mode";

    private static string Role(Dictionary<string, string> labels, object[]? taints = null, InventoryOptions? options = null, params object[] others)
    {
        using var snapshots = new Snapshots().Add("2026-11-01T10:00:00Z", Kube.List([Kube.Node("n1", "10.1.0.4", labels: labels, taints: taints), .. others]));
        var node = snapshots.Build(options).Rows("nodes").Single();
        return $"{node["role"]} {node["role_source"]}";
    }

    [Theory]
    [InlineData("System", "pool1", "system mode")]
    [InlineData("user", "pool1", "user mode")]
    [InlineData("user", "ingress", "ingress pool-name")]
    [InlineData("user", "ing1", "ingress pool-name")]
    [InlineData("user", "edgenp", "ingress pool-name")]
    [InlineData("user", "training", "user mode")]
    [InlineData("user", "knowledge", "user mode")]
    [InlineData("system", "ingress", "system mode")]
    public void Mode_and_pool_name_give_a_role(string mode, string pool, string expected) =>
        Assert.Equal(expected, Role(new() { [Mode] = mode, [Pool] = pool }));

    [Theory]
    [InlineData("role", "Ingress")]
    [InlineData("nodepool-role", "ingress")]
    [InlineData("workload", "ingress")]
    [InlineData("node-role.kubernetes.io/ingress", "")]
    [InlineData("ingress", "true")]
    public void Role_labels_and_taints_go_before_the_mode(string key, string value)
    {
        Assert.Equal("ingress label", Role(new() { [Mode] = "system", [Pool] = "p", [key] = value }));
        Assert.Equal("ingress taint", Role(new() { [Mode] = "system", [Pool] = "p" }, [new { key, value, effect = "NoSchedule" }]));
    }

    [Fact]
    public void The_deprecated_agent_label_and_foreign_values_say_nothing()
    {
        Assert.Equal("unknown none", Role(new() { ["node-role.kubernetes.io/agent"] = "", ["role"] = "database", ["workload"] = "batch" }));
    }

    [Fact]
    public void Configuration_goes_before_everything()
    {
        var options = new InventoryOptions { PoolRoles = new Dictionary<string, string> { ["Edge"] = "user" } };

        Assert.Equal("user config", Role(new() { [Pool] = "edge", ["role"] = "ingress", [Mode] = "system" }, options: options));
    }

    [Fact]
    public void The_node_selector_of_an_ingress_controller_goes_before_the_mode_and_after_labels()
    {
        var controller = Kube.Pod("c", "10.2.0.4", "2026-10-01T00:00:00Z", labels: new() { ["app.kubernetes.io/name"] = "ingress-nginx" }, selector: new() { [Pool] = "front", ["kubernetes.io/os"] = "linux" });

        Assert.Equal("ingress controller", Role(new() { [Mode] = "user", [Pool] = "front" }, null, null, controller));
        Assert.Equal("user label", Role(new() { [Mode] = "user", [Pool] = "front", ["role"] = "user" }, null, null, controller));
        Assert.Equal("user mode", Role(new() { [Mode] = "user", [Pool] = "back" }, null, null, controller));
    }

    [Fact]
    public void A_selector_that_every_pod_has_makes_no_ingress_pool()
    {
        var controller = Kube.Pod("c", "10.2.0.4", "2026-10-01T00:00:00Z", labels: new() { ["app.kubernetes.io/name"] = "ingress-nginx" }, selector: new() { ["kubernetes.io/os"] = "linux" });

        Assert.Equal("user mode", Role(new() { [Mode] = "user", [Pool] = "p", ["kubernetes.io/os"] = "linux" }, null, null, controller));
    }
}
