using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query.Configuration;
using FlowLogAnalyzer.Tests.Catalogue;

namespace FlowLogAnalyzer.Tests.Analysis;

public class ConfigurationTests
{
    private const string Full = """
        {
          // comments and trailing commas are fine
          "pools": { "edge": "ingress", "apps": "user" },
          "roleLabels": ["example.org/role"],
          "ingressServices": ["web/gateway"],
          "onPremises": { "head office": ["192.168.0.0/16", "172.20.1.1"] },
          "bastions": { "jump hosts": "10.10.4.0/24" },
          "expectedClients": { "ingress/ingress-nginx-controller": ["10.10.4.0/24"] },
          "dependencies": [{ "from": "pool:user", "to": "10.10.4.4", "ports": [5432, 6379], "reason": "the shop's database" }, { "from": "*", "to": "backup" }],
          "egress": "firewall",
          "findings": { "lat-011": { "min_connections": 50, "max_variation": 0.1 } },
          "suppressions": [{ "finding": "LAT-012", "subject": "* port 5432", "reason": "moves in spring", "expires": "2027-03-31" }],
        }
        """;

    [Fact]
    public void Everything_in_the_file_is_read()
    {
        var read = ConfigurationReader.Read(Full, "flowlog.json");

        Assert.Equal(("ingress", "user"), (read.Inventory.PoolRoles["EDGE"], read.Inventory.PoolRoles["apps"]));
        Assert.Equal(["example.org/role"], read.Inventory.RoleLabels);
        Assert.Equal(["web/gateway"], read.Inventory.IngressServices);
        Assert.Equal(["192.168.0.0/16", "172.20.1.1"], read.Inventory.OnPremises["head office"]);
        Assert.Equal(("jump hosts", "10.10.4.0/24"), (read.Bastions[0].Name, read.Bastions[0].Prefixes[0]));
        Assert.Equal("ingress/ingress-nginx-controller", read.ExpectedClients[0].Service);
        Assert.Equal([5432, 6379], read.Dependencies[0].Ports);
        Assert.Equal("firewall", read.Egress);
        Assert.Equal(("50", "0.1"), (read.Thresholds["LAT-011"]["min_connections"], read.Thresholds["LAT-011"]["max_variation"]));
        Assert.Equal(new Suppression("LAT-012", "* port 5432", "moves in spring", new DateTime(2027, 3, 31, 0, 0, 0, DateTimeKind.Utc)), read.Suppressions[0]);
        Assert.Equal([1, 1, 3, 1], ConfigurationTables.Of(read).Select(t => t.Rows.Count));
    }

    [Fact]
    public void All_faults_are_told_at_once_each_with_its_place()
    {
        const string bad = """
            { "pools": { "edge": "front" }, "bastion": {}, "onPremises": { "x": ["10.1.2.3/8", "nonsense"] },
              "dependencies": [{ "from": "a", "ports": [70000] }], "egress": 3,
              "findings": { "LAT-999": {}, "LAT-011": { "min_flows": 3, "min_connections": "many" } },
              "suppressions": [{ "finding": "LAT-012", "expires": "31.3.2027", "reason": " " }, 5] }
            """;

        var error = Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(bad, "flowlog.json"));

        Assert.Equal(
            [
                "$.bastion", "$.dependencies[0]", "$.dependencies[0].ports[0]", "$.egress", "$.findings['LAT-011'].min_connections", "$.findings['LAT-011'].min_flows",
                "$.findings['LAT-999']", "$.onPremises.x[0]", "$.onPremises.x[1]", "$.pools.edge", "$.suppressions[0].expires", "$.suppressions[0].reason", "$.suppressions[1]",
            ],
            error.Faults.Select(f => f.Path).Distinct().Order(StringComparer.Ordinal));
        Assert.All(error.Faults, f => Assert.Contains(f.Path, error.Message, StringComparison.Ordinal));
        Assert.Contains("first one of its range", error.Faults.First(f => f.Path == "$.onPremises.x[0]").Message, StringComparison.Ordinal);
        Assert.Contains("it has min_connections", error.Faults.First(f => f.Path.EndsWith("min_flows", StringComparison.Ordinal)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{ \"pools\": ", "not JSON")]
    [InlineData("[]", "an object")]
    public void What_is_no_JSON_object_is_refused_with_its_place(string text, string reason)
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(text, "flowlog.json"));

        Assert.Contains("flowlog.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suppressed_finding_is_kept_with_its_reason_behind_the_others_until_its_day()
    {
        using var cluster = Database();
        var configuration = ConfigurationReader.Read("""{ "suppressions": [{ "finding": "lat-012", "subject": "* to machines port 5432", "reason": "known", "expires": "2027-03-31" }] }""", "flowlog.json");
        using var database = cluster.Open();
        var march = new DateTime(2027, 3, 30, 0, 0, 0, DateTimeKind.Utc);

        var before = FindingRunner.Run(database, new() { Only = ["LAT-012"], Configuration = configuration, Now = march }, TestContext.Current.CancellationToken).Findings;
        var after = FindingRunner.Run(database, new() { Only = ["LAT-012"], Configuration = configuration, Now = march.AddDays(1) }, TestContext.Current.CancellationToken).Findings;

        Assert.Equal([null, "known"], before.Select(f => f.Suppressed?.Reason));
        Assert.Equal([8080L, 5432L], before.Select(f => f["port"]));
        Assert.Equal([5432L, 8080L], after.Select(f => f["port"]));
        Assert.All(after, f => Assert.Null(f.Suppressed));
    }

    [Fact]
    public void A_threshold_holds_for_its_finding_and_for_no_other()
    {
        using var cluster = new StoryCluster().WithPods();
        for (var port = 0; port < 12; port++)
            cluster.Lake.Add(port, StoryCluster.Mac("ingress"), $"10.10.3.4:{50000 + port} -> 10.10.2.4:{1000 + port}", StoryCluster.Deny("ingress"));
        using var database = cluster.Open();
        var configuration = ConfigurationReader.Read("""{ "findings": { "LAT-008": { "min_ports": 10 } } }""", "flowlog.json");

        IReadOnlyList<Finding> With(FlowLogConfiguration c) => FindingRunner.Run(database, new() { Only = ["LAT-008"], Configuration = c }, TestContext.Current.CancellationToken).Findings;

        Assert.Single(With(configuration));
        Assert.Empty(With(FlowLogConfiguration.None));
    }

    private static StoryCluster Database() => new StoryCluster()
        .Leave("user", StoryCluster.Client, 5432, 3)
        .At([50], "user", $"{StoryCluster.Ip("user")}:* -> {StoryCluster.Client}:8080", StoryCluster.Allow("user", outbound: true));
}
