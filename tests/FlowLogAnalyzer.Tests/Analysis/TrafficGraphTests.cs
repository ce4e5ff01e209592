using System.Xml.Linq;
using FlowLogAnalyzer.Graphs;
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
    public void Too_many_workloads_are_shown_by_pool_and_machines_by_subnet()
    {
        using var cluster = new StoryCluster();
        for (var i = 0; i < 40; i++)
        {
            cluster.Lake.Address($"10.244.9.{i + 1}", Row(("kind", "pod"), ("name", $"shop/app{i}-1"), ("pod", $"shop/app{i}-1"), ("workload", $"Deployment/app{i}"), ("node", StoryCluster.Node("user")), ("pool", "user"), ("role", "user")));
            cluster.Lake.Address($"10.10.7.{i + 1}", Row(("kind", "vm"), ("name", $"vm-{i}"), ("subnet", "snet-shop")));
            cluster.Arrive($"10.244.9.{i + 1}", "system", "10.10.1.4", 443, 1).Arrive($"10.10.7.{i + 1}", "system", "10.10.1.4", 443, 1);
        }

        using var database = cluster.Open();
        var graph = TrafficGraph.Around(database, "system", 60);

        Assert.True(graph.IsByPool);
        Assert.Equal([("machines of snet-shop", "nodes of system", 40L), ("pods of user", "nodes of system", 40L)], graph.Edges.Select(e => (e.Source, e.Destination, e.Allowed)).Order());
    }

    [Fact]
    public void A_machine_that_logs_is_not_said_to_have_let_in_what_it_refused()
    {
        using var cluster = new StoryCluster();
        cluster.Lake.Add(0, StoryCluster.Mac("user"), "10.10.3.4:40000 -> 10.10.4.4:445", StoryCluster.Allow("user", outbound: true)).Add(0, "C0FFEE000001", "10.10.3.4:40000 -> 10.10.4.4:445", new Tuple { Deny = true })
            .Add(1, StoryCluster.Mac("user"), "10.10.3.4:40001 -> 10.10.4.4:443", StoryCluster.Allow("user", outbound: true));
        using var database = cluster.Open();

        var edge = Assert.Single(TrafficGraph.Around(database, "client-vm", 60).Edges);

        Assert.Equal((1L, 1L), (edge.Allowed, edge.Denied));
    }

    [Fact]
    public void The_picture_says_in_words_what_it_shows_and_overlaps_nothing()
    {
        using var cluster = new StoryCluster().WithPods();
        cluster.Arrive("10.10.3.4", "ingress", "10.10.2.4", 22, 3, deny: true).Arrive("10.10.3.4", "ingress", "10.10.2.4", 443, 2).Arrive("10.10.2.4", "user", "10.10.3.4", 10250, 4).Arrive("10.10.3.4", "user", "10.10.3.4", 22, 1).Clients("user", 0, 7);
        using var database = cluster.Open();
        var graph = TrafficGraph.Around(database, "user", 60);

        var svg = XDocument.Parse(SvgGraph.Text(graph, "user")).Root!;

        Assert.Equal(SvgGraph.Text(graph, "user"), SvgGraph.Text(graph, "user"));
        Assert.Equal("Who talks to whom around user", svg.Elements().Single(e => e.Name.LocalName == "title").Value);
        Assert.Contains("nodes of user to nodes of ingress, port 22, 443: 3 denied.", svg.Elements().Single(e => e.Name.LocalName == "desc").Value, StringComparison.Ordinal);
        Assert.Equal(graph.Edges.Sum(e => (e.Allowed > 0 ? 1 : 0) + (e.Denied > 0 ? 1 : 0)), svg.Elements().Count(e => e.Name.LocalName == "path"));
        Assert.Contains(svg.Elements(), e => e.Attribute("stroke-dasharray") is not null);
        var boxes = GraphPicture.Of(graph).Boxes.Values.ToList();
        Assert.All(boxes, box => Assert.DoesNotContain(boxes, other => other != box && other.Overlaps(box)));
    }

    [Fact]
    public void Hundreds_of_ends_are_laid_out_without_overlaps()
    {
        var edges = Enumerable.Range(0, 300).Select(i => new GraphEdge($"a{i % 60}", $"b{i * 7 % 50}", [80], 1, i % 3)).Concat(Enumerable.Range(0, 40).Select(i => new GraphEdge($"b{i}", $"b{i}", [22], 1, 1)))
            .Concat(Enumerable.Range(0, 30).Select(i => new GraphEdge($"b{i}", $"a{i}", [443], 1, 0))).ToList();

        var picture = GraphPicture.Of(new TrafficGraph(["b1"], edges, 0));

        var boxes = picture.Boxes.Values.ToList();
        Assert.Equal(110, boxes.Count);
        Assert.All(boxes, box => Assert.DoesNotContain(boxes, other => other != box && other.Overlaps(box)));
        Assert.All(picture.Arrows, a => Assert.All(a.Path.Points, p => Assert.InRange(p.X, 0, picture.Size.X)));
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
        var odd = new TrafficGraph([], [new GraphEdge("<script>alert(1)</script>\u0001", new string('x', 99), [1], 1, 0)], 0);
        var drawn = SvgGraph.Text(odd, "\"><b>");
        Assert.DoesNotContain("<script", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", drawn, StringComparison.Ordinal);
        Assert.Contains(XDocument.Parse(drawn).Descendants(), e => e.Name.LocalName == "text" && e.Value.Contains('…', StringComparison.Ordinal));
    }
}
