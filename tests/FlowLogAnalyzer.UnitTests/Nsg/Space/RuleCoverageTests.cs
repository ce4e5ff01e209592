using CsCheck;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Nsg.Space;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Tests.Nsg.Space;

public class RuleCoverageTests
{
    private static readonly AddressScope Scope = new(new AddressSources { Network = new VirtualNetworkFacts { AddressSpace = ["10.10.0.0/16"] } });

    [Fact]
    public void Two_rules_together_may_shadow_a_third()
    {
        var nsg = NsgText.Nsg("n", "low 100 in deny Tcp 10.10.0.0/17 > *|0-1023", "high 110 in deny * 10.10.128.0/17 > *|80", "web 200 in allow Tcp 10.10.0.0/16 > 10.10.2.100/32|80");

        var coverage = RuleCoverage.Of(nsg, nsg.Rules[2], Scope);

        Assert.Equal((CoverageKind.Shadowed, true), (coverage.Kind, coverage.Conflicts));
        Assert.Equal(["low", "high"], coverage.TakenBy.Select(r => r.Name));
    }

    [Fact]
    public void What_is_left_of_a_rule_is_named()
    {
        var nsg = NsgText.Nsg("n", "a 100 in allow Tcp 10.10.1.0/24 > *|80", "b 200 in allow Tcp 10.10.0.0/23 > 10.10.2.0/24|80,443");

        var coverage = RuleCoverage.Of(nsg, nsg.Rules[1], Scope);

        Assert.Equal((CoverageKind.Partly, false), (coverage.Kind, coverage.Conflicts));
        Assert.Equal(["Tcp 10.10.0.0/24:* -> 10.10.2.0/24:80,443", "Tcp 10.10.1.0/24:* -> 10.10.2.0/24:443"], coverage.Remaining.Select(r => r.ToString()));
    }

    [Theory]
    [InlineData("a 100 in deny * VirtualNetwork > *", "b 200 in allow Tcp AzureLoadBalancer > *", CoverageKind.Partly)] // the IPv6 probe source is left
    [InlineData("a 100 in deny * VirtualNetwork > *", "b 200 in allow Tcp 168.63.129.16 > *", CoverageKind.Shadowed)]
    [InlineData("a 100 out deny * VirtualNetwork > *", "b 200 in allow Tcp 168.63.129.16 > *", CoverageKind.Free)]
    [InlineData("a 100 in deny Tcp * > *", "b 200 in allow Udp * > *", CoverageKind.Free)]
    [InlineData("a 100 in deny * * > *|80", "b 200 in allow Icmp * > *", CoverageKind.Free)]
    [InlineData("a 100 in deny * * > *", "b 200 in allow Icmp *|80 > *|80", CoverageKind.Shadowed)]
    [InlineData("a 100 in deny * 0.0.0.0/0 > *", "b 200 in allow Tcp * > *", CoverageKind.Partly)]
    [InlineData("a 100 in deny * * > *", "b 200 in allow Tcp NoSuchTag > *", CoverageKind.Undecidable)]
    [InlineData("a 100 in deny * NoSuchTag > *", "b 200 in allow Tcp * > *", CoverageKind.Free)]
    public void Tells_shadowed_from_free(string earlier, string later, CoverageKind expected)
    {
        var nsg = NsgText.Nsg("n", earlier, later);

        Assert.Equal(expected, RuleCoverage.Of(nsg, nsg.Rules.Single(r => r.Name == "b"), Scope).Kind);
    }

    [Fact]
    public void A_flow_reaches_a_rule_exactly_when_it_is_in_what_is_left()
    {
        var prefix = Gen.OneOf("*", "10.10.0.0/24", "10.10.0.0/23", "10.10.1.4", "::/0", "VirtualNetwork", "Internet");
        var ports = Gen.OneOf("*", "80", "80-90", "85-443", "443");
        var rule = Gen.Select(Gen.Int[100, 4096], Gen.OneOf("Tcp", "Udp", "*"), prefix, prefix, ports).Select(
            (priority, protocol, source, destination, port) => NsgText.Rule($"r{priority} {priority} in deny {protocol} {source} > {destination}|{port}"));
        var address = Gen.OneOf("10.10.0.4", "10.10.1.4", "10.10.1.5", "8.8.8.8", "2a00::1").Select(NsgText.Address);
        var flow = Gen.Select(Gen.OneOf<byte>(6, 17), address, address, Gen.OneOf<ushort>(80, 84, 85, 90, 443, 444))
            .Select((protocol, source, destination, port) => new FlowKey(Direction.Inbound, protocol, source, 1, destination, port))
            .Where(f => f.Source.IsIPv6 == f.Destination.IsIPv6);

        Gen.Select(rule.Array[1, 6], flow.Array[30]).Sample(
            (rules, flows) =>
            {
                var nsg = new NetworkSecurityGroup { Name = "n", Rules = rules.DistinctBy(r => r.Priority).ToEquatableList() };
                var compiled = new CompiledNsg(nsg, Scope);
                foreach (var coverage in RuleCoverage.OfUserRules(nsg, Scope))
                {
                    foreach (var f in flows)
                        Assert.Equal(compiled.Decide(f, NsgLevel.Subnet).Rule == coverage.Rule, coverage.Remaining.Any(s => Contains(s, f)));
                }
            },
            iter: 500);
    }

    private static bool Contains(RuleSlice slice, FlowKey flow) =>
        slice.Protocols.HasFlag(flow.Protocol == 6 ? ProtocolSet.Tcp : ProtocolSet.Udp)
        && slice.Source.Contains(flow.Source) && slice.Destination.Contains(flow.Destination)
        && slice.SourcePorts.Contains(flow.SourcePort) && slice.DestinationPorts.Contains(flow.DestinationPort);
}
