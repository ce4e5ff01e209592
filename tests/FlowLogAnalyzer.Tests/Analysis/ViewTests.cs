using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using static FlowLogAnalyzer.Tests.Analysis.LakeBuilder;

namespace FlowLogAnalyzer.Tests.Analysis;

public class ViewTests
{
    private const string Mac = "000D3A000003";
    private const string Flow = "10.0.0.1:1000 -> 10.0.0.2:80";

    [Fact]
    public void Begin_continuing_and_end_are_one_flow_with_summed_counters()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, Flow).Add(300, Mac, Flow, Counted("Continuing", 1000, 500)).Add(400, Mac, Flow, Counted("End", 200, 100));

        Assert.Equal([[3L, true, true, 1200L, 600L, 1200L, 0L]], Rows(lake, "select tuples, begun, ended, bytes_sent, bytes_received, bytes_sent_added, recreated from flows"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flow_re_created_in_one_millisecond_stays_one_and_is_not_counted_twice(bool beginListedFirst)
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, Flow);
        if (beginListedFirst)
            lake.Add(5, Mac, Flow).Add(5, Mac, Flow, Counted("End", 406, 614));
        else
            lake.Add(5, Mac, Flow, Counted("End", 406, 614)).Add(5, Mac, Flow);
        lake.Add(6, Mac, Flow, Counted("End", 754, 730));

        Assert.Equal([[4L, 754L, 730L, 1160L, 1L]], Rows(lake, "select tuples, bytes_sent, bytes_received, bytes_sent_added, recreated from flows"));
    }

    [Fact]
    public void A_port_used_again_later_is_a_second_flow_and_a_flow_cut_by_the_window_is_marked()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, Flow, Counted("End", 10, 10)).Add(60, Mac, Flow).Add(90, Mac, Flow, Counted("End", 20, 20)).Add(120, Mac, Flow);

        Assert.Equal(
            [[false, true, 10L], [true, true, 20L], [true, false, null]],
            Rows(lake, "select begun, ended, bytes_sent from flows order by first_seen"));
    }

    [Fact]
    public void Refused_retries_of_one_SYN_are_one_flow()
    {
        using var lake = new LakeBuilder();
        foreach (var s in new[] { 0, 1, 3, 7, 15, 1000 })
            lake.Add(s, Mac, Flow, new Tuple { Deny = true });

        Assert.Equal([[5L, "Deny"], [1L, "Deny"]], Rows(lake, "select tuples, decision from flows order by first_seen"));
    }

    [Fact]
    public void An_address_is_whose_it_was_at_that_time()
    {
        using var lake = new LakeBuilder();
        var change = Start.AddSeconds(60);
        lake.Address("10.0.0.1",
            Row(("kind", "pod"), ("name", "shop/old"), ("valid_from", Start.AddHours(-1)), ("valid_to", change)),
            Row(("kind", "pod"), ("name", "shop/new"), ("valid_from", change), ("valid_to", Start.AddHours(1))));
        lake.Add(59.999, Mac, Flow).Add(60, Mac, Flow).Add(3600, Mac, Flow);

        Assert.Equal([["shop/old"], ["shop/new"], [null]], Rows(lake, "select src_name from named_tuples order by time"));
    }

    [Fact]
    public void Two_owners_at_one_time_never_double_a_row_and_are_marked_uncertain()
    {
        using var lake = new LakeBuilder();
        lake.Address("10.0.0.1",
            Row(("kind", "pod"), ("name", "a"), ("valid_from", Start.AddHours(-2)), ("valid_to", Start.AddHours(2))),
            Row(("kind", "pod"), ("name", "b"), ("valid_from", Start.AddHours(-1)), ("valid_to", Start.AddHours(2))));
        lake.Add(0, Mac, Flow);

        Assert.Equal([["b", false]], Rows(lake, "select src_name, src_certain from named_tuples"));
        using var database = lake.Open();
        Assert.Equal(1, database.OverlappingRows);
    }

    [Fact]
    public void The_node_that_logged_a_flow_comes_from_the_MAC_even_if_the_address_says_otherwise()
    {
        using var lake = new LakeBuilder();
        lake.Address("10.0.0.2", Row(("kind", "node"), ("node", "by-address")));
        lake.With(InventorySchema.Nics, Row(("mac", Mac), ("node", "by-mac"), ("pool", "user"), ("role", "user")));
        lake.Add(0, Mac, Flow).Add(1, "000D3A000099", Flow);

        Assert.Equal([["by-mac", true], ["by-address", false]], Rows(lake, "select nic_node, nic_certain from named_tuples order by time"));
    }

    [Fact]
    public void A_service_is_named_only_at_its_port_and_while_it_has_the_frontend()
    {
        using var lake = new LakeBuilder();
        lake.With(InventorySchema.Frontends, Row(("service", "shop/web"), ("ip", "10.0.0.2"), ("port", 80), ("protocol", 6), ("valid_to", Start.AddSeconds(10))));
        lake.Add(0, Mac, Flow).Add(1, Mac, "10.0.0.1:1 -> 10.0.0.2:443").Add(2, Mac, Flow, new Tuple { Protocol = 17 }).Add(10, Mac, Flow);

        Assert.Equal([["shop/web"], [null], [null], [null]], Rows(lake, "select service from named_tuples order by time"));
    }

    [Fact]
    public void An_hour_logged_twice_is_taken_from_the_VNet_log_only()
    {
        using var lake = new LakeBuilder();
        lake.Add(0, Mac, Flow).Add(0, Mac, Flow, new Tuple { Format = "nsg-v2" }).Add(1, Mac, Flow, new Tuple { Format = "nsg-v2" });
        lake.Add(3600, Mac, Flow, new Tuple { Format = "nsg-v2" });
        lake.Add(5, "000D3A000001", Flow, new Tuple { Format = "nsg-v2" });

        Assert.Equal(
            [["000D3A000001", "nsg"], [Mac, "nsg"], [Mac, "vnet"]],
            Rows(lake, "select mac, log from named_tuples order by mac, log"));
        Assert.Equal([[5L]], Rows(lake, "select count(*) from tuples"));
    }

    [Theory]
    [InlineData("UserRule_AllowWeb", "NSG-USER", "user", "AllowWeb", "nsg-User")]
    [InlineData("DefaultRule_DenyAllInBound", "NSG-OTHER", "default", "DenyAllInBound", "nsg-other")]
    [InlineData("DefaultRule", "NSG-OTHER", "default", "DefaultRule", "nsg-other")]
    [InlineData("UserRule_k8s-azure-lb_allow", "AKS-AGENTPOOL-1-NSG", "aks_managed", "k8s-azure-lb_allow", "aks-agentpool-1-nsg")]
    [InlineData("PlatformRule", "00000000-0000-0000-0000-000000000000", "platform", "PlatformRule", null)]
    [InlineData("unspecified", "unspecified", "encryption", "unspecified", null)]
    [InlineData("BlockHighRisk_0a0a0a0a-1111-2222-3333-444444444444", "/x/networkManagers/nm/securityAdminConfigurations/Baseline", "admin", "BlockHighRisk", "baseline")]
    [InlineData(null, null, "unknown", null, null)]
    public void Rules_have_a_class_and_short_names(string? rule, string? acl, string ruleClass, string? name, string? nsg)
    {
        using var lake = new LakeBuilder();
        lake.With(InventorySchema.Nsgs, Row(("nsg", "nsg-User"), ("acl_key", "nsg-user"), ("aks_managed", false)));
        lake.Add(0, Mac, Flow, new Tuple { Rule = rule, Acl = acl });

        Assert.Equal([[ruleClass, name, nsg]], Rows(lake, "select rule_class, rule_name, nsg from tuples"));
    }

    [Fact]
    public void Every_quality_flag_has_its_name()
    {
        using var lake = new LakeBuilder();
        var flags = Enum.GetValues<QualityFlags>().Where(f => f != QualityFlags.None).ToList();
        lake.Add(0, Mac, Flow, new Tuple { Flags = flags.Sum(f => (long)f) }).Add(1, Mac, Flow, new Tuple { Flags = (long)flags[^1] });

        var rows = Rows(lake, "select flag_names from tuples order by time");

        Assert.Equal(flags.Select(f => (object?)f.ToString()), (List<object?>)rows[0][0]!);
        Assert.Equal([flags[^1].ToString()], (List<object?>)rows[1][0]!);
    }

    [Theory]
    [InlineData("10.10.4.4", "10.10.4.0/24", true)]
    [InlineData("10.10.5.4", "10.10.4.0/24", false)]
    [InlineData("10.10.4.4", "10.10.4.4", true)]
    [InlineData("10.10.4.4", "0.0.0.0/0", true)]
    [InlineData("10.10.4.4", "VirtualNetwork", null)]
    [InlineData("fe80::1", "10.0.0.0/8", null)]
    public void Prefixes_are_matched_as_numbers(string ip, string prefix, bool? covered)
    {
        using var lake = new LakeBuilder();

        Assert.Equal([[covered]], Rows(lake, $"select in_prefix('{ip}', '{prefix}')"));
    }

    private static Tuple Counted(string state, long sent, long received) => new() { State = state, Sent = sent, Received = received };

    private static List<object?[]> Rows(LakeBuilder lake, string sql)
    {
        using var database = lake.Open();
        using var rows = database.Query(sql);
        return [.. rows.Read()];
    }
}
