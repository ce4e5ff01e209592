using BenchmarkDotNet.Attributes;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>Decisions at one NIC with two NSGs of 40 user rules each, compiled against one rule after the other.</summary>
[MemoryDiagnoser]
public class NsgDecisions
{
    private const int Flows = 1000;
    private readonly FlowKey[] _flows = new FlowKey[Flows];
    private NsgEvaluator _compiled = null!;
    private NaiveEvaluator _naive = null!;

    [GlobalSetup]
    public void Setup()
    {
        var context = new NicContext
        {
            SubnetNsg = Nsg("nsg-subnet"),
            NicNsg = Nsg("nsg-nic"),
            Addresses = new AddressSources { Network = new VirtualNetworkFacts { AddressSpace = ["10.10.0.0/16"], Routes = [new("10.244.1.0/24", "VirtualAppliance")] } },
        };
        _compiled = new NsgEvaluator(context);
        _naive = new NaiveEvaluator(context);
        for (var i = 0; i < Flows; i++)
        {
            var source = IpAddressKey.FromIPv4(0x0A0A0000u + (uint)(i * 37));
            var destination = IpAddressKey.FromIPv4(i % 3 == 0 ? 0x0AF40100u + (uint)(i % 256) : 0x0A0A0200u + (uint)(i % 256));
            _flows[i] = new FlowKey(i % 2 == 0 ? Direction.Inbound : Direction.Outbound, IpProtocols.Tcp, source, (ushort)(1024 + i), destination, (ushort)(i % 20 == 0 ? 80 : 1000 + i));
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Flows)]
    public int Naive()
    {
        var allowed = 0;
        foreach (var flow in _flows)
            allowed += _naive.Decide(flow).Contains(Decision.Allow) ? 1 : 0;
        return allowed;
    }

    [Benchmark(OperationsPerInvoke = Flows)]
    public int Compiled()
    {
        var allowed = 0;
        foreach (var flow in _flows)
            allowed += _compiled.Decide(flow).Decision == Decision.Allow ? 1 : 0;
        return allowed;
    }

    private static NetworkSecurityGroup Nsg(string name) => new()
    {
        Name = name,
        Rules = Enumerable.Range(0, 40).Select(i => new NsgRule
        {
            Name = $"r{i}",
            Priority = 100 + (i * 10),
            Direction = i % 2 == 0 ? Direction.Inbound : Direction.Outbound,
            Decision = i % 3 == 0 ? Decision.Deny : Decision.Allow,
            Protocol = i % 5 == 0 ? RuleProtocol.Any : RuleProtocol.Tcp,
            Source = RuleSide.Of(i % 4 == 0 ? ServiceTagNames.VirtualNetwork : $"10.10.{i}.0/24,10.20.{i}.0/24"),
            Destination = RuleSide.Of(i % 7 == 0 ? "*" : $"10.10.{i + 1}.0/24", $"{i},{1000 + (i * 20)}-{1010 + (i * 20)}"),
        }).ToEquatableList(),
    };
}
