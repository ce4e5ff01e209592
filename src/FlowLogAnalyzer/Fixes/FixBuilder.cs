using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Suggest;

namespace FlowLogAnalyzer.Fixes;

/// <summary>
/// Finds the rules that let all needs of a Service pass: asks the rules, answers each NSG that refuses with one rule per kind of
/// need, and asks again, since behind the first NSG there may be a second one.
/// </summary>
internal sealed class FixBuilder(ServiceView view, NetworkState state)
{
    /// <summary>Admin rules, subnet and NIC, at both ends.</summary>
    private const int MostRounds = 4;

    private readonly List<FixStep> _steps = [];
    private readonly SortedSet<string> _byHand = new(StringComparer.Ordinal);

    /// <summary>Steps in the order in which they were found.</summary>
    public IReadOnlyList<FixStep> Steps => _steps;

    public IReadOnlyCollection<string> ByHand => _byHand;

    /// <param name="needs">What has to pass.</param>
    public FixBuilder Build(IReadOnlyList<PathNeed> needs)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var repaired = state.With(FixBundle.Apply(_steps));
            var refused = needs.Select(n => new RefusedNeed(n, repaired.Decide(n.Nic, n.Flow))).Where(r => r.Decision.Decision == Decision.Deny);
            var before = _steps.Count;
            foreach (var group in refused.GroupBy(r => (r.Need.Kind, Nsg: r.Decision.Nsg?.Id ?? r.Decision.Nsg?.Name, r.Need.Flow.Direction, r.Need.Flow.Protocol)).ToList())
                Answer([.. group]);
            if (_steps.Count == before)
                break;
        }

        return this;
    }

    /// <summary>Names and priorities of earlier answers are taken, those of this round as well.</summary>
    private void Answer(IReadOnlyList<RefusedNeed> refused)
    {
        var first = refused[0];
        if (first.Decision.Nsg is not { } nsg)
            _byHand.Add($"The {first.By} refuses {FlowText.Of(first.Need.Flow)} before any NSG is asked: no NSG rule can help. Change the security admin configuration.");
        else if (nsg.IsAksManaged)
            _byHand.Add(ManagedText(first, nsg));
        else if (state.With(FixBundle.Apply(_steps)).Nsg(nsg.Id.Length > 0 ? nsg.Id : nsg.Name)! is var repaired
            && FreePriority.Before(repaired, first.Need.Flow.Direction, refused.Min(r => r.Decision.Rule!.Priority)) is { } priority)
            _steps.Add(Step(refused, repaired, priority));
        else
            _byHand.Add($"{nsg.Name} has no free priority before {first.By}: make room by renumbering its rules.");
    }

    private FixStep Step(IReadOnlyList<RefusedNeed> refused, NetworkSecurityGroup repairedNsg, int priority)
    {
        var first = refused[0].Need;
        var (name, source, destination) = new RuleShapes(view, state).Shape(refused);
        var nsg = state.Nsg(repairedNsg.Id.Length > 0 ? repairedNsg.Id : repairedNsg.Name)!;
        return new FixStep
        {
            Kind = first.Kind,
            Nsg = nsg,
            Against = [.. refused.Select(r => r.By).Distinct().Order(StringComparer.Ordinal)],
            Rule = new NsgRule
            {
                Name = Unique(name, repairedNsg),
                Priority = priority,
                Direction = first.Flow.Direction,
                Decision = Decision.Allow,
                Protocol = first.Flow.Protocol == IpProtocols.Udp ? RuleProtocol.Udp : first.Flow.Protocol == IpProtocols.Tcp ? RuleProtocol.Tcp : RuleProtocol.Any,
                Source = source,
                Destination = destination,
                Description = Why(first.Kind),
            },
        };
    }

    private string Unique(string name, NetworkSecurityGroup nsg)
    {
        var taken = nsg.Rules.Select(r => r.Name).Concat(_steps.Select(s => s.Rule.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!nsg.Rules.Any(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            return name;

        var number = 2;
        while (taken.Contains($"{name}{number}"))
            number++;
        return $"{name}{number}";
    }

    private string Why(NeedKind kind) => kind switch
    {
        NeedKind.Probe => $"Health probes of the load balancer for {view.Service}.",
        NeedKind.Client => $"Clients of {view.Service}, whichever node the load balancer picks.",
        NeedKind.SecondHop => $"Nodes hand probes and requests for {view.Service} to its pods with their own address.",
        _ => $"From {view.Service} to the pods of the applications behind it.",
    };

    private string ManagedText(RefusedNeed refused, NetworkSecurityGroup nsg) => refused.Need.Kind == NeedKind.Client
        ? $"{nsg.Name} belongs to AKS, which overwrites it, and its rule {refused.Decision.Rule?.Name} refuses {FlowText.Of(refused.Need.Flow)}: change the Service {view.Service} instead. Add the client's range to spec.loadBalancerSourceRanges "
            + "or to the annotation service.beta.kubernetes.io/azure-allowed-ip-ranges, or remove service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges."
        : $"{nsg.Name} belongs to AKS, which overwrites it, and its rule {refused.Decision.Rule?.Name} refuses {FlowText.Of(refused.Need.Flow)}: find out what added that rule (a Service with azure-deny-all-except-load-balancer-source-ranges, or a change by hand) and take it back there.";
}
