using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Tests.Nsg;

public class NsgEvaluatorTests
{
    private static readonly AddressSources Kubenet = new()
    {
        Network = new VirtualNetworkFacts { AddressSpace = ["10.10.0.0/16"], Routes = [new("10.244.1.0/24", "VirtualAppliance")] },
    };

    [Theory]
    [InlineData("10.10.3.4", "10.244.1.10", Decision.Allow, "DefaultRule_AllowVnetInBound")]
    [InlineData("203.0.113.7", "10.10.3.4", Decision.Deny, "DefaultRule_DenyAllInBound")]
    [InlineData("168.63.129.16", "10.10.3.4", Decision.Allow, "DefaultRule_AllowVnetInBound")]
    [InlineData("10.10.4.4", "10.10.2.100", Decision.Deny, "UserRule_deny-clients")]
    public void Decides_by_the_first_rule_that_matches(string source, string destination, Decision decision, string rule)
    {
        var nsg = new NetworkSecurityGroup
        {
            Name = "nsg-user",
            Rules =
            [
                new NsgRule
                {
                    Name = "deny-clients", Priority = 200, Direction = Direction.Inbound, Decision = Decision.Deny, Protocol = RuleProtocol.Tcp,
                    Source = RuleSide.Of("VirtualNetwork"), Destination = RuleSide.Of("10.10.2.100/32", "80,443"),
                },
            ],
        };

        var answer = new NsgEvaluator(new NicContext { SubnetNsg = nsg, Addresses = Kubenet }).Decide(Flow(source, destination));

        Assert.Equal((decision, rule, NsgLevel.Subnet), (answer.Decision, answer.Rule?.LogName, answer.DecidingLevel));
    }

    private static FlowKey Flow(string source, string destination) => new(
        Direction.Inbound, IpProtocols.Tcp, Address(source), 50001, Address(destination), 80);

    private static IpAddressKey Address(string text) => IpAddressKey.TryParse(text, out var key) ? key : throw new ArgumentException(text, nameof(text));
}
