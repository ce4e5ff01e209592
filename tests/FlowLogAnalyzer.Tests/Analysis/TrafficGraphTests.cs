using FlowLogAnalyzer.Analysis.Graphs;
using FlowLogAnalyzer.Tests.Catalogue;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;

namespace FlowLogAnalyzer.Tests.Analysis;

public class TrafficGraphTests
{
    [Fact]
    public void Around_a_role_the_picture_shows_pools_ports_counts_and_refusals()
    {
        using var cluster = new StoryCluster().WithPods();
        cluster.Arrive("10.10.3.4", "ingress", "10.10.2.4", 22, 3, deny: true).Arrive("10.10.3.4", "ingress", "10.10.2.4", 443, 2).Clients("system", 0, 9);
        using var database = cluster.Open();

        var text = MermaidGraph.Text(TrafficGraph.Around(database, "ingress", 60));

        Assert.Equal(
            """
            flowchart LR
              n0["nodes of ingress"]
              n1["nodes of user"]
              n1 -->|"port 22, 443: 2"| n0
              n1 -.->|"port 22, 443: 3 denied"| n0
              classDef centre stroke-width:3px
              class n0 centre

            """.ReplaceLineEndings("\n"), text);
    }

    [Theory]
    [InlineData("10.10.4.4")]
    [InlineData("client-vm")]
    public void An_address_and_its_name_give_the_same_picture(string around)
    {
        using var cluster = new StoryCluster();
        cluster.Clients("user", 0, 7);
        using var database = cluster.Open();

        var graph = TrafficGraph.Around(database, around, 60);

        Assert.Equal(["client-vm"], graph.Centre);
        var edge = Assert.Single(graph.Edges);
        Assert.Equal((StoryCluster.Service, 7L, 0L), (edge.Destination, edge.Allowed, edge.Denied));
    }

    [Fact]
    public void Five_hundred_nodes_of_one_pool_are_one_box_and_what_is_too_much_is_counted()
    {
        using var cluster = new StoryCluster();
        for (var i = 0; i < 500; i++)
        {
            var ip = $"10.20.{i / 250}.{(i % 250) + 1}";
            cluster.Lake.Address(ip, Row(("kind", "node"), ("name", $"aks-big-{i}"), ("node", $"aks-big-{i}"), ("pool", "big"), ("role", "user")));
            cluster.Lake.Add(i, StoryCluster.Mac("system"), $"{ip}:40000 -> 10.10.1.4:443", StoryCluster.Allow("system"));
        }

        cluster.Clients("user", 0, 3).Arrive(StoryCluster.Client, "system", "10.10.1.4", 8080, 1, deny: true);
        using var database = cluster.Open();

        Assert.Equal(500, Assert.Single(TrafficGraph.Around(database, "big", 60).Edges).Allowed);
        var cut = TrafficGraph.Around(database, "client-vm", 1);
        Assert.Equal((1, 1), (cut.LeftOut, (int)cut.Edges[0].Denied));
        Assert.Contains("1 edges more", MermaidGraph.Text(cut), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_cannot_break_out_of_its_box_or_its_query()
    {
        using var cluster = new StoryCluster();
        cluster.Lake.Address("10.10.9.9", Row(("kind", "vm"), ("name", "x\"]; click <b>'")));
        cluster.Arrive("10.10.9.9", "system", "10.10.1.4", 8080, 1);
        using var database = cluster.Open();

        var text = MermaidGraph.Text(TrafficGraph.Around(database, "x\"]; click <b>'", 60));

        Assert.Contains("[\"x#quot;]; click &lt;b>'\"]", text, StringComparison.Ordinal);
        Assert.Empty(TrafficGraph.Around(database, "' or true --", 60).Edges);
    }
}
