using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Inventory.Entities;
using FlowLogAnalyzer.Lab.Model;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Tags;
using FlowLogAnalyzer.Replay;
using FlowLogAnalyzer.Tests.Nsg;
using FlowLogAnalyzer.Tests.Replay.Catalogue;

namespace FlowLogAnalyzer.Tests.Replay;

/// <summary>Where rules and the meaning of tags come from: exports of several kinds, flowlog.json, and files of the user's.</summary>
public sealed class RuleSourcesTests : IDisposable
{
    private const string FromPartner = "in tcp 172.20.1.9:5000 > 10.10.3.4:443";

    private static readonly string Nsg = LabIds.Nsg("nsg-user");

    private readonly EngineCluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void An_effective_rules_export_says_what_tags_stand_for_on_its_subnet()
    {
        _cluster.Rules("nsg-user", n => n with { Rules = [] }).Exported(0, Effective("10.10.0.0/16", "172.20.0.0/16"));

        Assert.Equal("Allow Subnet DefaultRule_AllowVnetInBound", Decide(_cluster.Model(), FromPartner));
        Assert.Equal("Deny Subnet UserRule_DenyAllOtherInbound", Decide(_cluster.Model(), "in tcp 172.20.1.9:5000 > 10.10.1.4:443", "system"));
    }

    [Fact]
    public void Rules_that_were_exported_after_the_effective_ones_come_before_them_but_tags_do_not()
    {
        _cluster.Rules("nsg-user", n => n with { Rules = [] }).Exported(0, Effective("10.10.0.0/16", "172.20.0.0/16"))
            .RulesFrom(100, "nsg-user", n => n.WithRule(RuleEdit.Inbound("DenyWeb", 100, Decision.Deny, "VirtualNetwork", "*", "443")));

        Assert.Equal("Deny Subnet UserRule_DenyWeb", Decide(_cluster.Model(), FromPartner));
    }

    [Fact]
    public void Proposed_rules_come_before_effective_ones()
    {
        _cluster.Rules("nsg-user", n => n with { Rules = [] }).Exported(0, Effective("10.10.0.0/16", "172.20.0.0/16"));
        var proposed = new NetworkSecurityGroup { Name = "nsg-user", Rules = [RuleEdit.Inbound("DenyWeb", 100, Decision.Deny, "VirtualNetwork", "*", "443")] };

        Assert.Equal("Deny Subnet UserRule_DenyWeb", Decide(_cluster.Model().With([proposed]), FromPartner));
    }

    [Fact]
    public void Effective_rules_are_enough_when_the_NSG_itself_was_not_exported()
    {
        _cluster.Without(InventoryKinds.Nsg).Exported(0, Effective("10.10.0.0/16", "172.20.0.0/16"));
        var model = _cluster.Model();

        Assert.True(model.HasRules);
        Assert.Equal("Allow Subnet DefaultRule_AllowVnetInBound", Decide(model, FromPartner));
        Assert.NotNull(model.Epoch(model.Boundaries.Count).Nsg(Nsg));
    }

    [Theory]
    [InlineData("Deny", "Deny Admin NoSsh")]
    [InlineData("AlwaysAllow", "Allow Admin NoSsh")]
    [InlineData("Allow", "Deny Subnet UserRule_DenyAllOtherInbound")]
    public void Security_admin_rules_of_the_inventory_are_asked_before_every_NSG(string access, string expected)
    {
        _cluster.Exported(0, $$"""
            [{ "id": "{{LabIds.Arm("rg-shop", "Microsoft.Network/networkManagers", "manager")}}/securityAdminConfigurations/c/ruleCollections/r/rules/NoSsh", "name": "NoSsh", "kind": "Custom",
               "access": "{{access}}", "direction": "Inbound", "priority": 10, "protocol": "Tcp", "sources": [{ "addressPrefix": "*", "addressPrefixType": "IPPrefix" }],
               "destinations": [{ "addressPrefix": "*", "addressPrefixType": "IPPrefix" }], "sourcePortRanges": ["0-65535"], "destinationPortRanges": ["22"] }]
            """);
        var model = _cluster.Model();

        Assert.True(model.HasAdminRules);
        Assert.Equal(expected, Decide(model, "in tcp 10.10.1.4:5000 > 10.10.3.4:22"));
    }

    [Fact]
    public void Peerings_and_networks_behind_a_gateway_are_in_VirtualNetwork()
    {
        _cluster.Rules("nsg-user", n => n with { Rules = [] })
            .Change<VnetEntity>(InventoryKinds.VirtualNetwork, null, v => v with { Prefixes = [.. v.Prefixes, "fd00:10::/48"], Peerings = [new Peering("hub", "hub", ["10.20.0.0/16"])] });
        var plain = _cluster.Model();
        var hybrid = _cluster.Model(inventory: new InventoryOptions { OnPremises = new Dictionary<string, IReadOnlyList<string>> { ["office"] = ["172.20.0.0/16"] } });

        Assert.Equal("Allow Subnet DefaultRule_AllowVnetInBound", Decide(plain, "in tcp 10.20.1.4:5000 > 10.10.3.4:443"));
        Assert.Equal("Allow Subnet DefaultRule_AllowVnetInBound", Decide(plain, "in tcp [fd00:10::5]:5000 > [fd00:10::4]:443"));
        Assert.Equal("Deny Subnet DefaultRule_DenyAllInBound", Decide(plain, FromPartner));
        Assert.Equal("Allow Subnet DefaultRule_AllowVnetInBound", Decide(hybrid, FromPartner));
    }

    [Fact]
    public void Tags_of_files_decide_what_the_inventory_leaves_open()
    {
        const string Flow = "out tcp 10.10.3.4:5000 > 20.60.1.1:443";
        _cluster.Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("KeyVault", 100, Decision.Allow, "*", "AzureKeyVault") with { Direction = Direction.Outbound })
            .WithRule(RuleEdit.Inbound("Rest", 200, Decision.Deny, "*", "*") with { Direction = Direction.Outbound }));
        var file = ServiceTagFile.Parse(Encoding.UTF8.GetBytes("""{ "cloud": "Public", "changeNumber": 7, "values": [{ "name": "AzureKeyVault", "properties": { "addressPrefixes": ["20.60.1.0/24"] } }] }"""));
        var own = Overrides("""{ "AzureKeyVault": "20.61.0.0/16", "subnets": { "snet-user": { "AzureKeyVault": ["20.60.1.1"] }, "snet-system": { "VirtualNetwork": ["10.0.0.0/8"] } } }""");

        var (open, byFile, byOwn) = (_cluster.Model(), _cluster.Model(new NetworkModelOptions { TagFile = file }), _cluster.Model(new NetworkModelOptions { TagFile = file, Tags = own }));

        Assert.Equal("Undecided", Decide(open, Flow));
        Assert.Equal("Allow Subnet UserRule_KeyVault", Decide(byFile, Flow));
        Assert.Equal("Allow Subnet UserRule_KeyVault", Decide(byOwn, Flow));
        Assert.Equal("Deny Subnet UserRule_Rest", Decide(byOwn, "out tcp 10.10.3.4:5000 > 20.60.1.2:443"));
        Assert.Contains("AzureKeyVault: not known, so flows that it could decide stay undecided; give it with --tags.", TagReport.Of(open));
        Assert.Contains("AzureKeyVault: service-tags file of cloud Public, change number 7.", TagReport.Of(byFile));
        Assert.Contains("AzureKeyVault: tag map of the user: 20.60.1.1/32.", TagReport.Of(byOwn));
        Assert.Contains("VirtualNetwork on snet-system: tag map of the user: 10.0.0.0/8.", TagReport.Of(byOwn));
    }

    [Fact]
    public void The_service_tags_file_of_the_inventory_is_named_with_its_change_number()
    {
        _cluster.Rules("nsg-user", n => n.WithRule(RuleEdit.Inbound("KeyVault", 100, Decision.Allow, "AzureKeyVault", "*")))
            .Exported(0, """{ "cloud": "Public", "changeNumber": 363, "values": [{ "name": "AzureKeyVault", "properties": { "addressPrefixes": ["20.60.1.0/24"] } }] }""");

        Assert.Contains("AzureKeyVault: service-tags file of cloud Public, change number 363.", TagReport.Of(_cluster.Model()));
    }

    [Theory]
    [InlineData("[]", "is an object like")]
    [InlineData("""{ "AzureKeyVault": ["20.60.1.0/33"] }""", "'AzureKeyVault' holds '20.60.1.0/33'")]
    [InlineData("""{ "subnets": { "snet-user": ["10.0.0.0/8"] } }""", "'subnets.snet-user' holds no tags")]
    [InlineData("""{ "subnets": { "snet-user": { "VirtualNetwork": "all" } } }""", "'subnets.snet-user.VirtualNetwork' holds 'all'")]
    public void A_map_of_tags_that_cannot_be_used_says_where(string json, string message)
    {
        Assert.Contains(message, Assert.Throws<FormatException>(() => Overrides(json)).Message, StringComparison.Ordinal);
    }

    private static TagOverrides Overrides(string json)
    {
        using var document = JsonDocument.Parse(json);
        return TagOverrides.Read(document.RootElement);
    }

    private static string Decide(NetworkModel model, string flow, string role = "user")
    {
        var state = model.Epoch(model.Boundaries.Count);
        return NsgText.Answer(state.Decide(state.NicOfNode(EngineCluster.Node(role))!, NsgText.Flow(flow)));
    }

    /// <summary>What az network nic list-effective-nsg prints for a NIC of snet-user with stock rules.</summary>
    private static string Effective(params string[] virtualNetwork) => $$"""
        { "value": [{
            "association": { "networkInterface": null, "subnet": { "id": "{{LabIds.Subnet("snet-user")}}" } },
            "networkSecurityGroup": { "id": "{{Nsg}}" },
            "effectiveSecurityRules": [{ "name": "defaultSecurityRules/AllowVnetInBound", "access": "Allow", "direction": "Inbound", "priority": 65000, "protocol": "All",
              "sourceAddressPrefix": "VirtualNetwork", "sourcePortRange": "0-65535", "destinationAddressPrefix": "VirtualNetwork", "destinationPortRange": "0-65535",
              "expandedSourceAddressPrefix": {{JsonSerializer.Serialize(virtualNetwork)}}, "expandedDestinationAddressPrefix": {{JsonSerializer.Serialize(virtualNetwork)}} }] }] }
        """;
}
