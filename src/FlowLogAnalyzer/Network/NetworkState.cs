using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;

namespace FlowLogAnalyzer.Network;

/// <summary>NICs and rules during one epoch; evaluators are compiled when they are first asked.</summary>
public sealed class NetworkState
{
    private readonly NetworkFacts _facts;
    private readonly NsgBook _nsgs;
    private readonly Dictionary<(string?, string?, string), NsgEvaluator> _evaluators = [];

    internal NetworkState(NetworkFacts facts, NsgBook nsgs) => (_facts, _nsgs) = (facts, nsgs);

    /// <summary>The epoch, half open, UTC.</summary>
    public DateTime From => _facts.From;

    public DateTime To => _facts.To;

    public IReadOnlyList<NetworkSecurityGroup> Nsgs => _nsgs.All;

    public IEnumerable<NicPlace> Nics => _facts.Nics;

    /// <summary>kubenet, overlay, node-subnet, pod-subnet, or null when no cluster is known.</summary>
    public string? NetworkMode => _facts.NetworkMode;

    /// <summary>Where pods have their addresses when these are not addresses of the VNet.</summary>
    public IReadOnlyList<string> PodCidrs => _facts.PodCidrs;

    /// <summary>By ARM id, GUID or name.</summary>
    public NetworkSecurityGroup? Nsg(string? key) => _nsgs.Find(key);

    /// <summary>The NSG that a proposed one would replace; null when none has its id or name.</summary>
    public NetworkSecurityGroup? Matching(NetworkSecurityGroup proposed) => _nsgs.Matching(proposed);

    public NicPlace? NicByMac(string? mac) => _facts.NicByMac(mac);

    /// <summary>The NIC that a packet to or from this address passes: a NIC's own address, or that of a pod on a node.</summary>
    public NicPlace? NicByAddress(string ip) => _facts.NicByAddress(ip);

    public NicPlace? NicOfNode(string? node) => _facts.NicOfNode(node);

    /// <summary>A place that stands for an NSG of which only the subnet is known; null when it guards no subnet.</summary>
    public NicPlace? PlaceOf(NetworkSecurityGroup nsg) => _facts.PlaceOf(nsg);

    /// <summary>The same network with other rules.</summary>
    public NetworkState With(IReadOnlyList<NetworkSecurityGroup> nsgs) => new(_facts, _nsgs.With(nsgs));

    public NsgEvaluator EvaluatorOf(NicPlace nic)
    {
        var key = (nic.SubnetId, nic.NicNsg, _facts.HasEffective(nic) ? nic.NicId : "");
        if (!_evaluators.TryGetValue(key, out var evaluator))
        {
            var context = new NicContext
            {
                Name = nic.Name,
                Subnet = nic.Subnet ?? "",
                SubnetNsg = _nsgs.Find(nic.SubnetNsg),
                NicNsg = _nsgs.Find(nic.NicNsg),
                AdminRules = _facts.AdminRules,
                Addresses = _facts.AddressesOf(nic),
            };
            _evaluators[key] = evaluator = new NsgEvaluator(_facts.WithEffective(nic, context, _nsgs.IsReplaced));
        }

        return evaluator;
    }

    public NsgDecision Decide(NicPlace nic, in FlowKey flow) => EvaluatorOf(nic).Decide(flow);
}
