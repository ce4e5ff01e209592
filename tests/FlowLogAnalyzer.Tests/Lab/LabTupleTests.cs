using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;

namespace FlowLogAnalyzer.Tests.Lab;

public class LabTupleTests
{
    [Fact]
    public void Version_1_has_eight_fields_and_only_starts()
    {
        using var lab = Run(LogFormat.NsgV1);

        Assert.All(lab.Tuples(), t =>
        {
            Assert.Equal(8, t.Fields.Length);
            Assert.Contains(t.Fields[7], new[] { "A", "D" });
            Assert.Contains(t.Fields[5], new[] { "T", "U" });
        });
        var begins = lab.Tuples().Where(t => !t.IsDenied).GroupBy(t => (t.Mac, t.Acl, t.FiveTuple, t.Direction));
        Assert.DoesNotContain(begins, g => g.Count() > 1);
    }

    [Fact]
    public void Version_2_has_empty_counters_on_begin_and_numbers_after()
    {
        using var lab = Run(LogFormat.NsgV2);
        var tuples = lab.Tuples().ToList();

        Assert.All(tuples, t => Assert.Equal(13, t.Fields.Length));
        Assert.All(tuples.Where(t => t.State == "B" || t.IsDenied), t => Assert.All(t.Fields[9..], f => Assert.Equal("", f)));
        Assert.All(tuples.Where(t => t.State is "C" or "E"), t => Assert.All(t.Fields[9..], f => Assert.True(long.Parse(f) >= 0)));
        Assert.All(tuples.Where(t => t.IsDenied), t => Assert.Equal("B", t.State));
        Assert.All(tuples, t => Assert.Equal(10, t.Fields[0].Length));
    }

    [Fact]
    public void Vnet_has_milliseconds_zeros_on_begin_and_denied_and_protocol_numbers()
    {
        using var lab = Run(LogFormat.VnetV4);
        var tuples = lab.Tuples().ToList();

        Assert.All(tuples, t =>
        {
            Assert.Equal(13, t.Fields.Length);
            Assert.Equal(13, t.Fields[0].Length);
            Assert.Contains(t.Fields[5], new[] { "6", "17" });
            Assert.Equal("NX", t.Fields[8]);
            Assert.StartsWith("/subscriptions/5b1f0c1e", t.Acl);
        });
        Assert.All(tuples.Where(t => t.State is "B" or "D"), t => Assert.All(t.Fields[9..], f => Assert.Equal("0", f)));
        Assert.Contains(tuples, t => t.State == "D");
    }

    [Fact]
    public void Inbound_tcp_under_user_rules_shows_only_begins_in_version_2_and_the_whole_flow_in_vnet_logs()
    {
        using var nsg = Run(LogFormat.NsgV2);
        using var vnet = Run(LogFormat.VnetV4);

        Assert.DoesNotContain(nsg.Tuples(), t => t.Direction == "I" && t.Fields[5] == "T" && t.Rule.StartsWith("UserRule_", StringComparison.Ordinal) && t.State != "B");
        Assert.Contains(nsg.Tuples(), t => t is { Direction: "O", State: "E" });
        Assert.Contains(vnet.Tuples(), t => t is { Direction: "I", State: "E" } && t.Rule == "UserRule_AllowClientsToFrontend");
    }

    [Fact]
    public void With_a_flow_timeout_on_the_vnet_inbound_flows_under_user_rules_end_in_version_2_too()
    {
        using var lab = new LabFolder("healthy-cluster", new LabOptions { Minutes = 4, FlowTimeoutInMinutes = 4 });

        Assert.Contains(lab.Tuples(), t => t is { Direction: "I", State: "E", Rule: "UserRule_AllowClientsToFrontend" });
    }

    [Theory]
    [InlineData(LogFormat.NsgV2)]
    [InlineData(LogFormat.VnetV4)]
    public void Continuing_tuples_of_a_nic_lie_on_one_grid_of_300_seconds(LogFormat format)
    {
        using var lab = new LabFolder("healthy-cluster", new LabOptions { Format = format, Minutes = 60 });

        var grids = lab.Tuples().Where(t => t.State == "C").GroupBy(t => t.Mac).Select(g => g.Select(t => t.Milliseconds % 300_000).Distinct().ToList()).ToList();

        Assert.All(grids, g => Assert.Single(g));
        Assert.True(grids.Select(g => g[0]).Distinct().Count() > 1, "every NIC has the same grid");
    }

    [Fact]
    public void Counters_are_increments_and_a_denied_flow_never_ends()
    {
        using var lab = new LabFolder("story", new LabOptions { Format = LogFormat.VnetV4, Minutes = 60 });
        var flows = lab.Tuples().GroupBy(t => (t.Mac, t.Direction, t.FiveTuple)).ToList();

        var longOnes = flows.Where(g => g.Count(t => t.State == "C") >= 2).ToList();
        Assert.NotEmpty(longOnes);
        // Cumulative counters would grow fivefold over five ticks of a steady flow; increments stay the same.
        Assert.All(longOnes, g => Assert.InRange(long.Parse(g.Where(t => t.State == "C").Last().Fields[9]), 0, 3 * (1 + g.Where(t => t.State == "C").Skip(1).Max(t => long.Parse(t.Fields[9])))));
        Assert.DoesNotContain(flows.Where(g => g.Any(t => t.State == "D")), g => g.Any(t => t.State is "C" or "E"));
    }

    [Fact]
    public void Probes_come_every_five_seconds_to_every_node()
    {
        using var lab = new LabFolder("healthy-cluster", new LabOptions { Minutes = 10 });

        var perNode = lab.Tuples().Where(t => t.Source == "168.63.129.16").GroupBy(t => t.Destination).ToDictionary(g => g.Key, g => g.Count());

        Assert.Equal(["10.10.1.4", "10.10.2.4", "10.10.3.4"], perNode.Keys.Order());
        Assert.All(perNode.Values, count => Assert.Equal(120, count));
    }

    [Theory]
    [InlineData(LabCni.Kubenet, "10.244.1.10", "10.244.2.20")]
    [InlineData(LabCni.Overlay, "10.244.1.10", "10.244.2.20")]
    [InlineData(LabCni.NodeSubnet, "10.10.2.120", "10.10.3.120")]
    public void Second_hop_and_application_hop_use_the_addresses_of_the_cni(LabCni cni, string ingress, string app)
    {
        using var lab = new LabFolder("healthy-cluster", new LabOptions { Cni = cni, Minutes = 5 });
        var tuples = lab.Tuples().ToList();

        Assert.Contains(tuples, t => t.Source == "10.10.3.4" && t.Destination == ingress && t.Fields[4] == "80" && t.Direction == "O");
        Assert.Contains(tuples, t => t.Source == ingress && t.Destination == app && t.Fields[4] == "8080" && t.Direction == "I");
        Assert.DoesNotContain(tuples, t => t.Destination == ingress && t.Source == "10.10.2.4");
    }

    [Fact]
    public void A_nsg_on_the_nic_logs_what_it_lets_in_and_the_subnets_nsg_what_it_refuses()
    {
        using var lab = new LabFolder("client-denied", new LabOptions { ManagedNicNsg = true, Minutes = 5 });
        var atFrontend = lab.Tuples().Where(t => t.Direction == "I" && t.Destination == "10.10.2.100").ToList();

        Assert.All(atFrontend.Where(t => !t.IsDenied), t => Assert.EndsWith("/AKS-AGENTPOOL-12345678-NSG", t.Acl));
        Assert.All(atFrontend.Where(t => t.IsDenied), t => Assert.Matches("/NSG-(USER|SYSTEM)$", t.Acl));
        Assert.Contains(atFrontend, t => t.IsDenied);
        Assert.Contains(atFrontend, t => !t.IsDenied);
    }

    private static LabFolder Run(LogFormat format) => new("story", new LabOptions { Format = format, Minutes = 12 });
}
