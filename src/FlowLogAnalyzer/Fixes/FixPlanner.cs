using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Fixes;

/// <summary>
/// Makes one bundle per Service and epoch for findings about refused flows, and proves it by replaying what was recorded.
/// </summary>
public sealed class FixPlanner
{
    /// <summary>Refused clients per port that the model is worked out for.</summary>
    private const int MostClients = 20;

    private readonly LakeDatabase _database;
    private readonly NetworkModel _model;
    private readonly Lazy<RecordedClients> _clients;
    private readonly Lazy<IReadOnlyList<FlowClass>> _denied;
    private readonly ClientBook _expected;

    /// <param name="database">The lake.</param>
    /// <param name="model">The rules.</param>
    /// <param name="configuration">What flowlog.json says: clients that are expected, and findings to live with.</param>
    public FixPlanner(LakeDatabase database, NetworkModel model, FlowLogConfiguration? configuration = null)
    {
        (_database, _model, _expected) = (database, model, new ClientBook(configuration ?? FlowLogConfiguration.None));
        _clients = new Lazy<RecordedClients>(() => new RecordedClients(database));
        _denied = new Lazy<IReadOnlyList<FlowClass>>(() => [.. FlowClasses.Read(database, model, FlowClassScope.Refused)]);
    }

    /// <summary>Bundles for those of the findings that rules can repair and that nobody decided to live with; none without NSGs in the inventory.</summary>
    public IReadOnlyList<FixBundle> Plan(IReadOnlyList<Finding> findings) => [.. PlanAll(findings).Select(p => p.Bundle)];

    /// <summary>
    /// The bundle for all that a Service needs, by the rules at the last recorded tuple (the last snapshot when nothing is recorded), whether or not anything was refused yet;
    /// null when no load balancer has a Service of that name.
    /// </summary>
    /// <param name="service">namespace/name.</param>
    public FixBundle? PlanFor(string service)
    {
        var at = _database.Scalar("select max(time) from tuples") as DateTime? ?? _model.Latest(_database);
        var (state, view) = (_model.At(at), View(service, at, []));
        if (view.Ports.Count == 0)
            return null;

        var needs = view.Needs(state).ToList();
        var bundle = Build(view, state, needs, at);
        return bundle with { Proof = new FixProofs(_denied.Value, state, bundle, needs).OfNeeds(_model.EpochOf(at)) };
    }

    /// <summary>Services that <see cref="PlanFor"/> knows at some time.</summary>
    public IReadOnlyList<string> Services => [.. _model.Inventory.Tables.Where(t => t.Shape == InventorySchema.Frontends).SelectMany(t => t.Rows).Select(r => (string)r[0]!).Distinct().Order(StringComparer.Ordinal)];

    internal IReadOnlyList<PlannedFix> PlanAll(IReadOnlyList<Finding> findings)
    {
        if (!_model.HasRules)
            return [];

        var cases = findings.Where(f => f.Suppressed is null && FindingTargets.IsRepairable(f)).Select(f => FixCase.Of(f, FindingTargets.Of(f, _database, _model), _model)).OfType<FixCase>();
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
        var bundle = Build(view, state, needs, at);
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

    private static FixBundle Build(ServiceView view, NetworkState state, IReadOnlyList<PathNeed> needs, DateTime at)
    {
        var builder = new FixBuilder(view, state).Build(needs);
        return new BundlePlan(view, state).Plan(builder.Steps, at) with { ByHand = [.. builder.ByHand, .. StrangerText(view.Strangers, view.Service)] };
    }

    private ServiceView View(string service, DateTime at, IReadOnlyList<FixCase> cases)
    {
        var ranges = _expected.RangesOf(service);
        bool IsMeant(string client) => ranges.Count == 0 || ClientBook.RangeOf(ranges, ServicePath.Address(client)) is not null;
        // Those that are expected first, then the busiest: of hundreds of clients the model is worked out for some only.
        var evidence = cases.Where(c => c.Finding["client"] is not null).SelectMany(c => c.Targets)
            .GroupBy(t => (To: ((int)t.Flow.DestinationPort, (int)t.Flow.Protocol), Client: t.Flow.Source.ToString()))
            .OrderByDescending(g => ranges.Count > 0 && IsMeant(g.Key.Client)).ThenByDescending(g => g.Sum(t => t.Rows)).ThenBy(g => g.Key.Client, StringComparer.Ordinal)
            .ToLookup(g => g.Key.To, g => g.Key.Client);
        var ports = ServicePath.All(_model.Inventory, at).Where(p => p.Service == service).Select(p => new ServicePortView(p,
            [.. _clients.Value.Of(p).Concat(evidence[(p.FloatingIp ? p.Port : p.NodePort ?? p.Port, p.Protocol)].Take(MostClients)).Distinct().Order(StringComparer.Ordinal)])).ToList();
        // A port that nobody has tried yet is for the clients of the others: a rule that leaves it out would refuse them tomorrow.
        var meant = ports.SelectMany(p => p.Clients).Where(IsMeant).Distinct().Order(StringComparer.Ordinal).ToList();
        return new ServiceView(service, [.. ports.Select(p => p with { Clients = p.Clients.Count > 0 ? [.. p.Clients.Where(IsMeant)] : meant })])
        {
            ClientRanges = ranges,
            Strangers = [.. ports.SelectMany(p => p.Clients).Where(c => !IsMeant(c)).Distinct().Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>One sentence, however many they are.</summary>
    private static IEnumerable<string> StrangerText(IReadOnlyList<string> clients, string service) => clients.Count switch
    {
        0 => [],
        1 => [$"{clients[0]} called {service}, but is in none of the ranges that flowlog.json expects (expectedClients): no rule is proposed for it."],
        _ => [$"{ShareText.Nodes(clients)} called {service}, but are in none of the ranges that flowlog.json expects (expectedClients): no rule is proposed for them."],
    };

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

}

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
