using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Nsg.Evaluation;

namespace FlowLogAnalyzer.Nsg.Space;

/// <summary>
/// What the rules of some NICs can tell apart. Flows that no rule tells apart are decided alike, so one of each kind is enough
/// to ask about: all ports of two addresses take as many questions as the rules have bounds, not 65 536.
/// </summary>
public sealed class RuleDistinctions
{
    private readonly AddressSet[] _sides;

    private RuleDistinctions(AddressSet[] sides, IReadOnlyList<PortRange> ports, IReadOnlyList<PortRange> sourcePorts) =>
        (_sides, Ports, SourcePorts) = (sides, ports, sourcePorts);

    /// <summary>All destination ports, cut where some rule begins or ends; ascending.</summary>
    public IReadOnlyList<PortRange> Ports { get; }

    /// <summary>All source ports, cut likewise: one range unless a rule names particular ones.</summary>
    public IReadOnlyList<PortRange> SourcePorts { get; }

    public static RuleDistinctions Of(IEnumerable<NsgEvaluator> evaluators)
    {
        var rules = evaluators.SelectMany(Rules).ToList();
        return new RuleDistinctions(
            [.. rules.SelectMany(r => new[] { r.Source.Certain, r.Destination.Certain }).DistinctBy(s => s.ToString()).Where(s => !s.Covers(AddressSet.All))],
            Cut(rules.SelectMany(r => r.DestinationPorts.Ranges)),
            Cut(rules.SelectMany(r => r.SourcePorts.Ranges)));
    }

    /// <summary>Equal for addresses that the same rules name: as source or destination these are decided alike.</summary>
    public string KindOf(IpAddressKey address) => string.Create(_sides.Length, (_sides, address), static (text, state) =>
    {
        for (var i = 0; i < text.Length; i++)
            text[i] = state._sides[i].Contains(state.address) ? '1' : '0';
    });

    private static IEnumerable<ResolvedRule> Rules(NsgEvaluator evaluator)
    {
        var context = evaluator.Context;
        IEnumerable<ITrafficRule> rules = [.. context.AdminRules, .. context.SubnetNsg?.Rules ?? [], .. context.NicNsg?.Rules ?? []];
        return rules.Select(r => ResolvedRule.Of(r, evaluator.Scope));
    }

    private static List<PortRange> Cut(IEnumerable<PortRange> ranges)
    {
        var starts = new SortedSet<int> { 0 };
        foreach (var range in ranges)
            starts.UnionWith([range.First, range.Last + 1]);
        starts.Remove(ushort.MaxValue + 1);
        return [.. starts.Zip(starts.Skip(1).Append(ushort.MaxValue + 1), (first, next) => new PortRange((ushort)first, (ushort)(next - 1)))];
    }
}
