using CsCheck;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Tests.Nsg;

/// <summary>The compiled evaluator against the naive one, over few values each so that rules and flows meet often.</summary>
public class CompiledAgainstNaiveTests
{
    private static readonly string[] Addresses =
        ["10.0.0.4", "10.0.1.4", "10.0.1.255", "10.244.1.7", "168.63.129.16", "169.254.169.254", "8.8.8.8", "20.0.0.1", "2001:db8::4", "fe80::1234:5678:9abc", "2a01::1"];

    private static readonly string[] Prefixes =
    [
        "*", "Any", "0.0.0.0/0", "::/0", "10.0.0.0/16", "10.0.1.0/24", "10.0.1.4", "10.244.0.0/16", "2001:db8::/32", "8.8.8.8/32", "VirtualNetwork",
        "virtualnetwork", "Internet", "AzureLoadBalancer", "AzurePlatformDNS", "AzurePlatformIMDS", "NobodyKnowsThis", "[parameters('x')]", "asg:web", "asg:unknown",
    ];

    private static readonly string[] Ports = ["*", "80", "0-79", "81-65535", "53", "443,8080-8090", "65535", "[variables('p')]"];
    private static readonly ushort[] PortValues = [0, 53, 79, 80, 81, 443, 8085, 32526, 65535];

    private static readonly Gen<RuleSide> Side =
        from prefixes in Gen.OneOf(Prefixes).Array[0, 3]
        from ports in Gen.OneOf(Ports)
        select new RuleSide
        {
            Prefixes = prefixes.Where(p => !p.StartsWith("asg:", StringComparison.Ordinal)).ToEquatableList(),
            Asgs = prefixes.Where(p => p.StartsWith("asg:", StringComparison.Ordinal)).Select(p => p[4..]).ToEquatableList(),
            Ports = ports.Split(',').ToEquatableList(),
        };

    private static readonly Gen<NsgRule> Rule =
        from priority in Gen.Frequency((1, Gen.Const(0)), (30, Gen.Int[100, 4096]))
        from direction in Gen.Frequency((1, Gen.Const(Direction.Unknown)), (20, Gen.OneOf(Direction.Inbound, Direction.Outbound)))
        from decision in Gen.Frequency((1, Gen.Const(Decision.Unknown)), (20, Gen.OneOf(Decision.Allow, Decision.Deny)))
        from protocol in Gen.Enum<RuleProtocol>()
        from source in Side
        from destination in Side
        select new NsgRule { Name = $"r{priority}", Priority = priority, Direction = direction, Decision = decision, Protocol = protocol, Source = source, Destination = destination };

    private static readonly Gen<NetworkSecurityGroup?> Group =
        Gen.Frequency(
            (1, Gen.Const((NetworkSecurityGroup?)null)),
            (5, Rule.Array[0, 8].Select(rules => (NetworkSecurityGroup?)new NetworkSecurityGroup { Name = "nsg", Rules = Distinct(rules) })),
            (1, Rule.Array[70, 140].Select(rules => (NetworkSecurityGroup?)new NetworkSecurityGroup { Name = "nsg", Rules = Distinct(rules) })));

    private static readonly Gen<SecurityAdminRule[]> Admin =
        (from rule in Rule
         from decision in Gen.Enum<AdminDecision>()
         select new SecurityAdminRule { Name = rule.Name, Priority = rule.Priority, Direction = rule.Direction, Decision = decision, Protocol = rule.Protocol, Source = rule.Source, Destination = rule.Destination })
        .Array[0, 2];

    private static readonly Gen<FlowKey> Flow =
        from direction in Gen.OneOf(Direction.Inbound, Direction.Outbound)
        from protocol in Gen.OneOf<byte>(1, 6, 6, 6, 17, 17, 50, 51, 58, 132)
        from source in Gen.OneOf(Addresses)
        from sourcePort in Gen.OneOf(PortValues)
        from destination in Gen.OneOf(Addresses)
        from destinationPort in Gen.OneOf(PortValues)
        select new FlowKey(direction, protocol, NsgText.Address(source), sourcePort, NsgText.Address(destination), destinationPort);

    private static readonly AddressSources Sources = new()
    {
        Network = new VirtualNetworkFacts { AddressSpace = ["10.0.0.0/16", "2001:db8::/48"], Routes = [new("10.244.1.0/24", "VirtualAppliance")] },
        AsgMembers = new Dictionary<string, IReadOnlyList<string>> { ["web"] = ["10.0.1.4", "2001:db8::4"] },
    };

    [Fact]
    public void The_compiled_evaluator_decides_as_the_naive_one()
    {
        var gen = from subnet in Group from nic in Group from admin in Admin from flows in Flow.Array[40] select (subnet, nic, admin, flows);
        gen.Sample(
            c =>
            {
                var context = new NicContext { SubnetNsg = c.subnet, NicNsg = c.nic, AdminRules = c.admin, Addresses = Sources };
                var compiled = new NsgEvaluator(context);
                var naive = new NaiveEvaluator(context);
                foreach (var flow in c.flows)
                {
                    var expected = naive.Decide(flow);
                    Assert.Equal(expected.Count == 1 ? expected.Single() : Decision.Unknown, compiled.Decide(flow).Decision);
                }
            },
            iter: 300);
    }

    [Fact]
    public void The_compiled_NSG_names_the_rule_that_the_naive_one_names()
    {
        var gen = from nsg in Group.Where(g => g is not null) from flows in Flow.Array[40] select (nsg, flows);
        gen.Sample(
            c =>
            {
                var compiled = new CompiledNsg(c.nsg!, new AddressScope(Sources));
                var naive = new NaiveEvaluator(new NicContext { SubnetNsg = c.nsg, Addresses = Sources });
                foreach (var flow in c.flows)
                {
                    var answer = compiled.Decide(flow, NsgLevel.Subnet);
                    Assert.Equal(naive.First(c.nsg!, flow), (answer.Rule, answer.RuleIsSure));
                }
            },
            iter: 200);
    }

    [Fact]
    public void Deciding_does_not_allocate()
    {
        var nsg = NsgText.Nsg("nsg", "web 100 in allow Tcp Internet > 10.0.1.4|80,443", "rest 200 in deny * VirtualNetwork > *");
        var evaluator = new NsgEvaluator(new NicContext { SubnetNsg = nsg, NicNsg = nsg, Addresses = Sources });
        var flow = NsgText.Flow("in tcp 8.8.8.8:5000 > 10.0.1.4:80");
        var decisions = evaluator.Decide(flow).Decision == Decision.Allow ? 1 : 0;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            decisions += evaluator.Decide(flow).Decision == Decision.Allow ? 1 : 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((1001, 0L), (decisions, allocated));
    }

    private static EquatableList<NsgRule> Distinct(NsgRule[] rules) =>
        rules.DistinctBy(r => (r.Direction, r.Priority)).DistinctBy(r => r.Priority).ToEquatableList();
}
