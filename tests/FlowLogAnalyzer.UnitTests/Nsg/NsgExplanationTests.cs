using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Tests.Nsg;

public class NsgExplanationTests
{
    private static readonly AddressSources Overlay = new()
    {
        Network = new VirtualNetworkFacts { AddressSpace = ["10.10.0.0/16"], OverlayPodCidrs = ["10.244.0.0/16"] },
    };

    [Fact]
    public void Names_the_rules_that_would_match_later_and_where_tags_came_from()
    {
        var nsg = NsgText.Nsg("nsg", "a 100 in deny Tcp * > *|80", "b 200 in allow Udp * > *", "c 300 in allow Tcp 10.10.0.0/16 > *");
        var evaluator = new NsgEvaluator(new NicContext { SubnetNsg = nsg, NicNsg = NsgText.Nsg("nic"), Addresses = Overlay });

        var explanation = evaluator.Explain(NsgText.Flow("in tcp 10.10.1.4:5 > 10.244.1.9:80"));

        Assert.Equal([NsgLevel.Subnet, NsgLevel.Nic], explanation.Levels.Select(l => l.Level));
        Assert.Equal(("a", "Deny"), (explanation.Levels[0].Rule?.Name, explanation.Levels[0].Decision));
        Assert.Equal(["c", "AllowVnetInBound", "DenyAllInBound"], explanation.Levels[0].Later.Select(r => r.Name));
        Assert.Equal(("AllowVnetInBound", "Allow"), (explanation.Levels[1].Rule?.Name, explanation.Levels[1].Decision));
        Assert.Equal(
            [("source", "virtual network address space", false), ("destination", "pod CIDR of CNI Overlay", true)],
            explanation.Levels[1].Tags.Select(t => (t.Side, t.Part.Why, t.Part.Assumed)));
        Assert.True(explanation.HasAssumptions);
        Assert.Null(explanation.UndecidedReason);
    }

    [Fact]
    public void Says_why_a_flow_is_undecided()
    {
        var nsg = NsgText.Nsg("nsg-user", "kv 100 out allow Tcp * > AzureKeyVault|443", "d 200 out deny * * > *");
        var evaluator = new NsgEvaluator(new NicContext { NicNsg = nsg, Addresses = Overlay });

        var explanation = evaluator.Explain(NsgText.Flow("out tcp 10.10.1.4:5 > 20.60.1.1:443"));

        Assert.Equal(Decision.Unknown, explanation.Decision.Decision);
        Assert.StartsWith(
            "This cannot be decided: rule 'kv' (priority 100) of NSG 'nsg-user' at the NIC names the service tag 'AzureKeyVault', whose addresses are not known.",
            explanation.UndecidedReason);
        Assert.Equal("d", explanation.Levels[0].Rule?.Name);
    }

    [Fact]
    public void The_order_of_levels_turns_around_for_outbound()
    {
        var evaluator = new NsgEvaluator(new NicContext
        {
            SubnetNsg = NsgText.Nsg("s"),
            NicNsg = NsgText.Nsg("n"),
            Addresses = Overlay,
            AdminRules = [NsgText.AdminRule("x 1 out allow * * > *")],
        });

        Assert.Equal([NsgLevel.Admin, NsgLevel.Nic, NsgLevel.Subnet], evaluator.Explain(NsgText.Flow("out tcp 10.10.1.4:5 > 10.10.2.4:443")).Levels.Select(l => l.Level));
    }

    [Fact]
    public void A_flow_without_direction_is_undecided()
    {
        var flow = NsgText.Flow("in tcp 10.10.1.4:5 > 10.10.2.4:443") with { Direction = Direction.Unknown };

        var explanation = new NsgEvaluator(new NicContext()).Explain(flow);

        Assert.Equal((Decision.Unknown, "The flow has no direction."), (explanation.Decision.Decision, explanation.UndecidedReason));
    }

    [Theory]
    [InlineData("UserRule_a", "a", true)]
    [InlineData("DefaultRule_DenyAllInbound", "DenyAllInBound", true)]
    [InlineData("UserRule_b", "a", false)]
    [InlineData("UserRule_abc", "abcd", false)]
    [InlineData("UserRule_0123456789012345678901234567890123456789012345678901234567890", "0123456789012345678901234567890123456789012345678901234567890123456", true)]
    public void Names_in_logs_are_compared_without_prefix_and_case(string logged, string rule, bool same)
    {
        Assert.Equal(same, RuleNames.Same(logged, rule));
    }
}
