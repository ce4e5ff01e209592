using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;

namespace FlowLogAnalyzer.Fixes;

/// <summary>Replays every recorded refused flow against the rules with and without a bundle.</summary>
internal sealed class FixProofs
{
    private const int MostListed = 50;
    private readonly IReadOnlyList<FlowClass> _denied;
    private readonly HashSet<(string, FlowKey)> _meant;
    private readonly NetworkState _before;
    private readonly NetworkState _after;

    public FixProofs(IReadOnlyList<FlowClass> denied, NetworkState state, FixBundle bundle, IReadOnlyList<PathNeed> needs)
    {
        var nsgs = FixBundle.Apply(bundle.Steps);
        (_denied, _before, _after) = (denied, state, state.With(nsgs));
        _meant = needs.Select(n => (n.Nic.Mac, n.Flow with { SourcePort = 0 })).ToHashSet();
        var changed = nsgs.Select(n => n.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        AlsoAdmitted = List(denied
            .Where(d => d.Mac is not null && !IsMeant(d))
            .Select(d => (Class: d, Nic: state.NicByMac(d.Mac)))
            .Where(d => d.Nic is not null && (changed.Contains(d.Nic.SubnetNsg ?? "") || changed.Contains(d.Nic.NicNsg ?? "")) && IsAdmitted(d.Nic, d.Class.Flow))
            .Select(d => (d.Class, d.Nic!)));
    }

    /// <summary>Flows that nobody asked for and that the bundle lets through all the same.</summary>
    public IReadOnlyList<string> AlsoAdmitted { get; }

    public BundleProof Of(FixCase finding)
    {
        var repaired = finding.Targets.Where(t => _after.NicByMac(t.Mac) is { } nic && _after.Decide(nic, t.Flow).Decision == Decision.Allow).Sum(t => t.Rows);
        return new BundleProof { Repaired = repaired, AlsoAdmitted = AlsoAdmitted, StillDenied = finding.Targets.Sum(t => t.Rows) - repaired };
    }

    /// <summary>For all that a Service needs: the recorded refusals of one epoch.</summary>
    public BundleProof OfNeeds(int epoch)
    {
        var refused = _denied.Where(d => d.Epoch == epoch && d.Mac is not null && IsMeant(d)).ToList();
        var repaired = refused.Where(d => _after.NicByMac(d.Mac) is { } nic && _after.Decide(nic, d.Flow).Decision == Decision.Allow).Sum(d => d.Rows);
        return new BundleProof { Repaired = repaired, AlsoAdmitted = AlsoAdmitted, StillDenied = refused.Sum(d => d.Rows) - repaired };
    }

    private bool IsMeant(FlowClass flow) => _meant.Contains((flow.Mac!, flow.Flow with { SourcePort = 0 }));

    private bool IsAdmitted(NicPlace nic, FlowKey flow) =>
        _before.Decide(nic, flow).Decision == Decision.Deny && _after.Decide(nic, flow).Decision == Decision.Allow;

    private static List<string> List(IEnumerable<(FlowClass Class, NicPlace Nic)> admitted)
    {
        var groups = admitted.GroupBy(a => (a.Class.Text, a.Nic.Name))
            .Select(g => (g.Key.Text, g.Key.Name, Flows: g.Sum(a => a.Class.Flows))).OrderByDescending(g => g.Flows).ThenBy(g => g.Text, StringComparer.Ordinal).ThenBy(g => g.Name, StringComparer.Ordinal).ToList();
        var list = groups.Take(MostListed).Select(g => $"{g.Text} at {g.Name} ({g.Flows} {(g.Flows == 1 ? "flow" : "flows")})").ToList();
        if (groups.Count > MostListed)
            list.Add($"and {groups.Count - MostListed} more kinds of flow ({groups.Skip(MostListed).Sum(g => g.Flows)} flows)");
        return list;
    }
}
