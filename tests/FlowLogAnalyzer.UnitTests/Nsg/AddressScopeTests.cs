using System.Text;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Tests.Nsg;

public class AddressScopeTests
{
    private const string TagFile = """
        { "changeNumber": 363, "cloud": "Public", "values": [
          { "name": "Storage.WestUS", "properties": { "addressPrefixes": ["20.60.0.0/16", "2603:1030::/32"], "networkFeatures": null } },
          { "name": "AzureLoadBalancer", "properties": { "addressPrefixes": ["9.9.9.9/32"] } } ] }
        """;

    private static readonly VirtualNetworkFacts Network = new() { AddressSpace = ["10.10.0.0/16"], OverlayPodCidrs = ["10.244.0.0/16"] };

    [Fact]
    public void The_export_of_effective_rules_comes_before_the_user_the_computed_tags_and_the_file()
    {
        var map = new Dictionary<string, IReadOnlyList<string>> { ["virtualnetwork"] = ["10.1.0.0/16"] };
        var other = new Dictionary<string, IReadOnlyList<string>> { ["VirtualNetwork"] = ["10.2.0.0/16"] };
        var all = new AddressSources { EffectiveTags = map, OverrideTags = other, Network = Network, TagFile = File() };

        Assert.Equal((TagOrigin.EffectiveRules, "10.1.0.0/16"), Expand(all, "VirtualNetwork"));
        Assert.Equal((TagOrigin.Override, "10.2.0.0/16"), Expand(all with { EffectiveTags = new Dictionary<string, IReadOnlyList<string>>() }, "VIRTUAL_NETWORK"));
        Assert.Equal((TagOrigin.Computed, "168.63.129.16/32, fe80::1234:5678:9abc/128"), Expand(all, "AzureLoadBalancer"));
        Assert.Equal((TagOrigin.ServiceTagFile, "20.60.0.0/16, 2603:1030::/32"), Expand(all, "storage.westus"));
        Assert.Null(new AddressScope(all).Expand("Storage.EastUS"));
    }

    [Fact]
    public void The_file_names_its_change_number()
    {
        Assert.Equal("service-tags file of cloud Public, change number 363", File().Expand("Storage.westus")?.Source);
    }

    [Fact]
    public void Something_else_is_no_service_tags_file()
    {
        var error = Assert.Throws<FormatException>(() => ServiceTagFile.Parse("""{"value":[]}"""u8.ToArray()));

        Assert.Contains("'values'", error.Message);
    }

    [Fact]
    public void VirtualNetwork_says_why_each_part_is_in_it_and_which_is_assumed()
    {
        var tag = new AddressScope(new AddressSources { Network = Network with { Routes = [new("0.0.0.0/0", "Internet")] } }).Expand("VirtualNetwork")!;

        Assert.Equal(
            "virtual network address space: 10.10.0.0/16; user-defined route, next hop Internet (assumed): 0.0.0.0/0; pod CIDR of CNI Overlay (assumed): 10.244.0.0/16; virtual address of the host: 168.63.129.16/32",
            tag.Source);
        Assert.True(tag.HasAssumptions);
        Assert.Equal("10.10.0.0/16, 168.63.129.16/32", tag.Confirmed.ToString());
        Assert.Equal("0.0.0.0/0", tag.Addresses.ToString());
    }

    [Fact]
    public void A_bad_prefix_of_the_network_is_named()
    {
        var scope = new AddressScope(new AddressSources { Network = new VirtualNetworkFacts { Peered = ["10.0.0.0/33"] } });

        var error = Assert.Throws<ArgumentException>(() => scope.Expand("VirtualNetwork"));

        Assert.Contains("'10.0.0.0/33' (peered virtual network)", error.Message);
    }

    [Fact]
    public void An_application_security_group_is_known_by_id_or_name_without_case()
    {
        const string Id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/applicationSecurityGroups/Web";
        var scope = new AddressScope(new AddressSources { AsgMembers = new Dictionary<string, IReadOnlyList<string>> { [Id] = ["10.0.0.4"] } });

        Assert.Equal("10.0.0.4/32", scope.Members(Id.ToUpperInvariant())?.ToString());
        Assert.Equal("10.0.0.4/32", scope.Members("web")?.ToString());
        Assert.Null(scope.Members("db"));
    }

    private static ServiceTagFile File() => ServiceTagFile.Parse(Encoding.UTF8.GetBytes(TagFile));

    private static (TagOrigin?, string?) Expand(AddressSources sources, string tag)
    {
        var expansion = new AddressScope(sources).Expand(tag);
        return (expansion?.Origin, expansion?.Addresses.ToString());
    }
}
