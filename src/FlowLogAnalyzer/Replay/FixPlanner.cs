using FlowLogAnalyzer.Analysis;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Replay;

/// <summary>
/// Makes one bundle per Service and epoch for findings about refused flows, and proves it by replaying what was recorded.
/// </summary>
public sealed class FixPlanner
{
    private readonly LakeDatabase _database;
    private readonly NetworkModel _model;
    private readonly Lazy<RecordedClients> _clients;
    private readonly Lazy<IReadOnlyList<FlowClass>> _denied;

    public FixPlanner(LakeDatabase database, NetworkModel model)
    {
        (_database, _model) = (database, model);
        _clients = new Lazy<RecordedClients>(() => new RecordedClients(database));
        _denied = new Lazy<IReadOnlyList<FlowClass>>(() => [.. FlowClasses.Read(database, model, FlowClassScope.Refused)]);
    }

    /// <summary>Bundles for those of the findings that rules can repair; none without NSGs in the inventory.</summary>
    public IReadOnlyList<FixBundle> Plan(IReadOnlyList<Finding> findings) => [.. PlanAll(findings).Select(p => p.Bundle)];

    internal IReadOnlyList<PlannedFix> PlanAll(IReadOnlyList<Finding> findings)
    {
        if (!_model.HasRules)
            return [];

        var cases = findings.Where(FindingTargets.IsRepairable).Select(f => FixCase.Of(f, FindingTargets.Of(f, _database, _model), _model)).OfType<FixCase>();
        return
        [
            .. cases.GroupBy(c => (c.Service, c.IsAppHop, c.Epoch))
                .OrderBy(g => g.Key.Service, StringComparer.Ordinal).ThenBy(g => g.Key.Epoch).ThenBy(g => g.Key.IsAppHop)
                .Select(g => Plan([.. g])),
        ];
    }

    private PlannedFix Plan(IReadOnlyList<FixCase> cases)
    {
        var (first, at) = (cases[0], cases.Max(c => c.At));
        var state = _model.Epoch(first.Epoch);
        var view = first.IsAppHop ? new ServiceView(first.Service, []) : View(first.Service, at, cases);
        var needs = (first.IsAppHop ? AppHops(cases, state) : view.Needs(state)).ToList();
        var builder = new FixBuilder(view, state).Build(needs);
        var bundle = new BundlePlan(view, state).Plan(builder.Steps, at) with { ByHand = [.. builder.ByHand] };
        var proofs = new FixProofs(_denied.Value, state, bundle, needs);
        var byFinding = cases.ToDictionary(c => c.Finding, c => (Case: c, Proof: proofs.Of(c)));
        return new PlannedFix(bundle with
        {
            Findings = [.. cases.Select(c => $"{c.Finding.Id} {c.Finding.Subject}").Distinct()],
            RepairedSince = RepairedSince(first.Epoch, needs),
            Proof = new BundleProof
            {
                Repaired = byFinding.Values.Sum(p => p.Proof.Repaired),
                AlsoAdmitted = proofs.AlsoAdmitted,
                StillDenied = byFinding.Values.Sum(p => p.Proof.StillDenied),
            },
        }, byFinding);
    }

    private ServiceView View(string service, DateTime at, IReadOnlyList<FixCase> cases)
    {
        var evidence = cases.Where(c => c.Finding["client"] is not null).SelectMany(c => c.Targets)
            .Select(t => (Port: (int)t.Flow.DestinationPort, Client: t.Flow.Source.ToString())).Distinct().ToLookup(p => p.Port, p => p.Client);
        return new ServiceView(service,
        [
            .. ServicePath.All(_model.Inventory, at).Where(p => p.Service == service).Select(p => new ServicePortView(p,
                [.. _clients.Value.Of(service, p.Port).Concat(evidence[p.FloatingIp ? p.Port : p.NodePort ?? p.Port].Order(StringComparer.Ordinal).Take(20)).Distinct().Order(StringComparer.Ordinal)])),
        ]);
    }

    /// <summary>The refused hops at the NIC that refused them, and at the other end.</summary>
    private static IEnumerable<PathNeed> AppHops(IReadOnlyList<FixCase> cases, NetworkState state)
    {
        foreach (var flow in cases.SelectMany(c => c.Targets).Where(t => t.Epoch == cases[0].Epoch).Select(t => t.Flow).Distinct())
        {
            if (state.NicByAddress(flow.Source.ToString()) is { } from)
                yield return PathNeeds.AppHop(from, flow with { Direction = Direction.Outbound });
            if (state.NicByAddress(flow.Destination.ToString()) is { } to)
                yield return PathNeeds.AppHop(to, flow with { Direction = Direction.Inbound });
        }
    }

    /// <summary>When newer rules let through all that the Service needs, the time from which they hold.</summary>
    private DateTime? RepairedSince(int epoch, IReadOnlyList<PathNeed> needs)
    {
        DateTime? since = null;
        for (var later = _model.Boundaries.Count; later > epoch; later--)
        {
            var state = _model.Epoch(later);
            if (needs.Any(n => state.Decide(state.NicByMac(n.Nic.Mac) ?? n.Nic, n.Flow).Decision == Decision.Deny))
                break;
            since = _model.Boundaries[later - 1];
        }

        return since;
    }
}

/// <summary>A bundle with the proof for each finding that it is for.</summary>
internal sealed record PlannedFix(FixBundle Bundle, IReadOnlyDictionary<Finding, (FixCase Case, BundleProof Proof)> Cases)
{
    public BundleProof? ProofOf(Finding finding) => Cases.TryGetValue(finding, out var found) ? found.Proof : null;

    /// <summary>The change of rules before which the finding's flows were let through; null when no export shows one.</summary>
    public RuleChange? CauseOf(Finding finding, NetworkModel model)
    {
        if (!Cases.TryGetValue(finding, out var found) || found.Case.Epoch == 0)
            return null;

        var epoch = found.Case.Epoch;
        var before = model.Epoch(epoch - 1);
        var refusedBefore = found.Case.Targets.Where(t => t.Epoch == epoch).Any(t => before.NicByMac(t.Mac) is not { } nic || before.Decide(nic, t.Flow).Decision != Decision.Allow);
        var changes = refusedBefore ? [] : NsgChanges.Between(model, epoch - 1, epoch).ToList();
        return changes.Count == 0 ? null : new RuleChange(model.Boundaries[epoch - 1], string.Join(' ', changes));
    }
}

/// <summary>A change of rules that an export shows at a time (UTC), in a sentence.</summary>
internal sealed record RuleChange(DateTime At, string Text);

/// <summary>A finding with its refused rows, in the epoch in which the most of them were refused.</summary>
internal sealed record FixCase(Finding Finding, IReadOnlyList<TargetRows> Targets, int Epoch, DateTime At)
{
    public string Service => (string)Finding["service"]!;

    public bool IsAppHop => Finding.Id == "LBC-007";

    /// <summary>Null when no row can be placed at a NIC that refuses it: then the rules at hand explain nothing.</summary>
    public static FixCase? Of(Finding finding, IReadOnlyList<TargetRows> targets, NetworkModel model)
    {
        var epoch = targets.Where(t => Refused(t, model)).GroupBy(t => t.Epoch).OrderByDescending(g => g.Sum(t => t.Rows)).ThenBy(g => g.Key).FirstOrDefault();
        return epoch is null ? null : new FixCase(finding, targets, epoch.Key, epoch.Max(t => t.LastSeen));
    }

    private static bool Refused(TargetRows target, NetworkModel model)
    {
        var state = model.Epoch(target.Epoch);
        return state.NicByMac(target.Mac) is { } nic && state.Decide(nic, target.Flow).Decision == Decision.Deny;
    }
}
