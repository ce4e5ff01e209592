using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Tests.Nsg;

/// <summary>Flows decided by hand from the vendor's documentation, each with its source.</summary>
public class HandDecidedRuleTests
{
    [Theory]
    [MemberData(nameof(HandDecidedRules.All), MemberType = typeof(HandDecidedRules))]
    public void Decides_as_the_documentation_says(HandDecidedRule rule)
    {
        var context = new NicContext
        {
            SubnetNsg = Nsg("nsg-subnet", rule.SubnetNsg),
            NicNsg = Nsg("nsg-nic", rule.NicNsg),
            AdminRules = [.. Split(rule.AdminRules).Select(NsgText.AdminRule)],
            Addresses = new AddressSources
            {
                Network = Network(rule.Network),
                AsgMembers = new Dictionary<string, IReadOnlyList<string>> { ["web"] = ["10.10.3.4"], ["db"] = ["10.10.3.5"] },
            },
        };

        var answer = NsgText.Answer(new NsgEvaluator(context).Decide(NsgText.Flow(rule.Flow)));

        Assert.True(rule.Expected == answer, $"{rule.Flow}: expected '{rule.Expected}' ({rule.Source}), got '{answer}'");
    }

    [Fact]
    public void Every_case_is_different_and_names_its_source()
    {
        Assert.Equal(HandDecidedRules.Rules.Count, HandDecidedRules.Rules.Select(r => r with { Source = "", Expected = "" }).Distinct().Count());
        Assert.All(HandDecidedRules.Rules, r => Assert.NotEmpty(r.Source));
        Assert.True(HandDecidedRules.Rules.Count >= 60);
    }

    private static NetworkSecurityGroup? Nsg(string name, string rules) => rules == "-" ? null : NsgText.Nsg(name, Split(rules));

    private static string[] Split(string rules) => rules.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static VirtualNetworkFacts? Network(string name)
    {
        var plain = new VirtualNetworkFacts { AddressSpace = ["10.10.0.0/16", "fd00:10::/48"] };
        return name switch
        {
            "vnet" => plain,
            "kubenet" => plain with { Routes = [new("10.244.0.0/24", "VirtualAppliance"), new("10.244.1.0/24", "VirtualAppliance")] },
            "overlay" => plain with { OverlayPodCidrs = ["10.244.0.0/16"] },
            "forced" => plain with { Routes = [new("0.0.0.0/0", "VirtualAppliance")] },
            "hybrid" => plain with { Peered = ["10.20.0.0/16"], OnPremises = ["172.16.0.0/16"] },
            _ => null,
        };
    }
}
