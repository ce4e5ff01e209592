using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Space;

namespace FlowLogAnalyzer.Tests.Nsg;

public class RuleDistinctionsTests
{
    private static readonly NsgEvaluator Evaluator = new(new NicContext
    {
        SubnetNsg = new NetworkSecurityGroup
        {
            Name = "nsg",
            Rules =
            [
                Rule("a", 100, Decision.Deny, "10.0.0.0/24", "*", "80,443"),
                Rule("b", 110, Decision.Allow, "10.0.0.0/16", "10.1.0.0/24", "22-90"),
                Rule("c", 120, Decision.Allow, "*", "10.1.0.7", "8000-8100,65535"),
                Rule("d", 130, Decision.Deny, "*", "*", "*"),
            ],
        },
    });

    [Fact]
    public void One_port_of_each_range_stands_for_all_of_it()
    {
        var distinctions = RuleDistinctions.Of([Evaluator]);

        Assert.Equal(65_536, distinctions.Ports.Sum(p => p.Last - p.First + 1));
        Assert.True(distinctions.Ports.Count < 15);
        Assert.Equal([PortRange.All], distinctions.SourcePorts);
        foreach (var (source, destination) in new[] { ("10.0.0.9", "10.1.0.7"), ("10.0.9.9", "10.1.0.8"), ("172.16.0.1", "10.1.0.7") })
        {
            foreach (var range in distinctions.Ports)
            {
                for (var port = (int)range.First; port <= range.Last; port++)
                    Assert.Equal(Decide(source, destination, range.First), Decide(source, destination, (ushort)port));
            }
        }
    }

    [Fact]
    public void Addresses_that_the_same_rules_name_are_of_one_kind()
    {
        var distinctions = RuleDistinctions.Of([Evaluator]);
        string Kind(string address) => distinctions.KindOf(Key(address));

        Assert.Equal(Kind("10.0.0.9"), Kind("10.0.0.200"));
        Assert.NotEqual(Kind("10.0.0.9"), Kind("10.0.1.9"));
        Assert.NotEqual(Kind("10.1.0.7"), Kind("10.1.0.8"));
        Assert.Equal(Kind("172.16.0.1"), Kind("203.0.113.1"));
    }

    private static NsgRule Rule(string name, int priority, Decision decision, string source, string destination, string ports) => new()
    {
        Name = name,
        Priority = priority,
        Direction = Direction.Inbound,
        Decision = decision,
        Source = RuleSide.Of(source),
        Destination = RuleSide.Of(destination, ports),
    };

    private static Decision Decide(string source, string destination, ushort port) =>
        Evaluator.Decide(new FlowKey(Direction.Inbound, IpProtocols.Tcp, Key(source), 50_000, Key(destination), port)).Decision;

    private static IpAddressKey Key(string text) => IpAddressKey.TryParse(text, out var key) ? key : throw new FormatException(text);
}
