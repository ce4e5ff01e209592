using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Network;

namespace FlowLogAnalyzer.Fixes;

/// <summary>Puts the steps into a safe order, says what each would do alone, and what else could be done.</summary>
internal sealed class BundlePlan(ServiceView view, NetworkState state)
{
    private const double Noticeable = 0.005;

    /// <summary>Rules that an NSG can hold by default (Azure docs, azure-subscription-service-limits).</summary>
    private const int MostRules = 1000;

    public FixBundle Plan(IReadOnlyList<FixStep> found, DateTime at)
    {
        var before = view.WorstShare(state);
        var steps = Order(found.Select(s => Judge(s, before)).ToList());
        var repaired = state.With(FixBundle.Apply(steps));
        var left = FixBundle.Apply(steps).ToDictionary(n => n.Name, n => MostRules - n.Rules.Count(r => !r.IsDefault), StringComparer.OrdinalIgnoreCase);
        return new FixBundle
        {
            Service = view.Service,
            At = at,
            Steps = [.. steps.Select(s => s with { RulesLeft = left[s.Nsg.Name] })],
            ShareBefore = before,
            ShareAfter = view.WorstShare(repaired),
            Effects = [.. view.Health(state).Zip(view.Health(repaired)).SelectMany(h => ShareText.Changes(h.First, h.Second))],
            UnsafeOrder = [.. steps.Where(s => s.IsUnsafeAlone).Select(s => UnsafeText(s, before))],
            Alternatives = [.. Alternatives()],
            Support = steps.Exists(s => s.Kind is NeedKind.SecondHop or NeedKind.AppHop) ? AksSupport.Text : null,
        };
    }

    private FixStep Judge(FixStep step, double before)
    {
        if (view.Ports.Count == 0)
            return step;

        var alone = view.WorstShare(state.With(FixBundle.Apply([step])));
        return step with { ShareAlone = alone, IsUnsafeAlone = alone > before + Noticeable };
    }

    /// <summary>At each point the step after which the fewest connections fail.</summary>
    private List<FixStep> Order(List<FixStep> steps)
    {
        var ordered = new List<FixStep>();
        while (steps.Count > 0)
        {
            var next = steps.MinBy(s => Math.Round(view.WorstShare(state.With(FixBundle.Apply([.. ordered, s]))), 6))!;
            ordered.Add(next);
            steps.Remove(next);
        }

        return ordered;
    }

    private string UnsafeText(FixStep step, double before) =>
        $"Applying {step.Name} alone would raise the expected failure share of {view.Service} from {ShareText.Percent(before)} to {ShareText.Percent(step.ShareAlone ?? 0)}: "
        + $"from {ShareText.Of(before)} to {ShareText.Of(step.ShareAlone ?? 0)} of new connections. Apply the whole bundle, or this step last.";

    private IEnumerable<FixAlternative> Alternatives()
    {
        if (view.Ports.Count == 0 || view.Ports.All(p => p.Path.IsLocal) || view.Ports.All(p => p.Path.Endpoints.Count == 0))
            yield break;

        // The port of the health check is handed out when the policy changes: any of the node ports stands for it.
        var local = view.With(p => p with { IsLocal = true, SharedProbe = false, ProbePort = p.ProbePort is null ? null : 32_000 });
        var health = local.Health(state);
        var denied = health.SelectMany(h => h.Refused).Where(r => r.Need.Kind == NeedKind.Probe && local.Ports.Any(p => p.Path.EndpointNodes.Contains(r.Need.Node)))
            .Select(r => r.By).Distinct().Order(StringComparer.Ordinal).ToList();
        yield return new FixAlternative("externalTrafficPolicy: Local",
            $"Only nodes with a pod of {view.Service} stay in rotation ({ShareText.Nodes(local.Ports.SelectMany(p => p.Path.EndpointNodes).Distinct())}), no second hop is needed, and clients keep their address: {ShareText.Connections(local.WorstShare(state))} fail. "
            + (denied.Count > 0
                ? $"The probe moves to a new healthCheckNodePort, and {string.Join(" and ", denied)} would deny it: allow AzureLoadBalancer first."
                : "The probe moves to a new healthCheckNodePort, which the rules for AzureLoadBalancer let in today."),
            local.WorstShare(state));

        var labelled = view.With(p => p with { Backends = [.. p.Backends.Where(b => p.EndpointNodes.Contains(b.Node))] });
        var others = view.Ports.SelectMany(p => p.Path.Backends.Select(b => b.Node).Except(p.Path.EndpointNodes)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (others.Count > 0)
        {
            yield return new FixAlternative("label node.kubernetes.io/exclude-from-external-load-balancers=true on the other node pools",
                $"{ShareText.Nodes(others)} {(others.Count == 1 ? "leaves" : "leave")} the backend pools of all load-balancer Services: {ShareText.Connections(labelled.WorstShare(state))} to {view.Service} fail. Set it on the node pool, and test it first.",
                labelled.WorstShare(state));
        }
    }
}
