using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab.Logs;
using FlowLogAnalyzer.Lab.Model;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Tags;

namespace FlowLogAnalyzer.Lab.Simulation;

/// <summary>The platform's filter in front of every NIC, with the rules of the current phase. All decisions come from the NSG evaluator.</summary>
internal sealed class NsgGate(LabCluster cluster)
{
    private readonly Dictionary<(string Subnet, string? NicNsg), NsgEvaluator> _evaluators = [];
    private Dictionary<string, NetworkSecurityGroup> _nsgs = [];

    /// <summary>Puts new rules in force for flows that start from now on.</summary>
    public void Load(NsgSet rules)
    {
        _nsgs = rules.Rules.ToDictionary(n => n.Key, n => ToModel(n.Key, n.Value));
        _evaluators.Clear();
    }

    public GateResult Decide(LabNic nic, Direction direction, in Packet packet)
    {
        var decision = EvaluatorOf(nic).Decide(new FlowKey(direction, packet.Protocol, IpAddressKey.FromIPv4(packet.Source), (ushort)packet.SourcePort,
            IpAddressKey.FromIPv4(packet.Destination), (ushort)packet.DestinationPort));
        return decision is { IsDecided: true, Nsg: { } nsg, Rule: { } rule }
            ? new GateResult(decision.Decision, nsg.Name, rule.LogName)
            : throw new InvalidOperationException($"The lab's rules do not decide {packet} at the NIC {nic.Mac} in {nic.Subnet}: every subnet of the lab has an NSG, and all its rules can be resolved.");
    }

    private NsgEvaluator EvaluatorOf(LabNic nic)
    {
        if (!_evaluators.TryGetValue((nic.Subnet, nic.NicNsg), out var evaluator))
        {
            evaluator = new NsgEvaluator(new NicContext
            {
                Name = nic.Mac,
                Subnet = nic.Subnet,
                SubnetNsg = _nsgs[nic.SubnetNsg],
                NicNsg = nic.NicNsg is null ? null : _nsgs[nic.NicNsg],
                Addresses = new AddressSources { Network = Facts(nic) },
            });
            _evaluators[(nic.Subnet, nic.NicNsg)] = evaluator;
        }
        return evaluator;
    }

    /// <summary>
    /// What VirtualNetwork means at the NIC. Kubenet's pod ranges come with the route table of the node subnets. Overlay pod
    /// ranges are members in the lab; no document says so, and stock rules would not work otherwise.
    /// </summary>
    private VirtualNetworkFacts Facts(LabNic nic)
    {
        var isNode = nic.Role != "clients";
        return new VirtualNetworkFacts
        {
            AddressSpace = cluster.Plan.Cni == LabCni.Overlay ? [AddressPlan.Vnet, AddressPlan.PodCidr] : [AddressPlan.Vnet],
            Routes = isNode && cluster.Plan.Cni == LabCni.Kubenet
                ? [.. cluster.Nodes.Select(n => new UserRoute(AddressPlan.PodPrefix(n.Number), "VirtualAppliance"))]
                : [],
        };
    }

    private static NetworkSecurityGroup ToModel(string name, IEnumerable<RuleSpec> rules) => new()
    {
        Name = name,
        Id = LabIds.Nsg(name),
        Rules = rules.Select(ToModel).ToEquatableList(),
    };

    private static NsgRule ToModel(RuleSpec rule) => new()
    {
        Name = rule.Name,
        Priority = rule.Priority,
        Direction = Enum.Parse<Direction>(rule.Direction),
        Decision = rule.Access == "Allow" ? Decision.Allow : Decision.Deny,
        Protocol = rule.Protocol == "*" ? RuleProtocol.Any : Enum.Parse<RuleProtocol>(rule.Protocol, ignoreCase: true),
        Source = RuleSide.Of(string.Join(',', rule.Sources)),
        Destination = RuleSide.Of(string.Join(',', rule.Destinations), string.Join(',', rule.Ports)),
    };
}
