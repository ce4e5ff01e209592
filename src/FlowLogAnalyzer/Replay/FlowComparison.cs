using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Evaluation;

namespace FlowLogAnalyzer.Replay;

/// <summary>One class of recorded flows against the rules of its epoch.</summary>
internal readonly record struct Comparison(ReplayOutcome Outcome, NsgDecision Decision, NicPlace? Nic);

/// <summary>
/// Compares what was logged with what the exported rules say. NSG logs show an allowed flow at the last NSG that was asked and
/// a refused one at the NSG that refuses; the order of the levels may differ by platform, so the NSG that the row names is
/// compared at its own level (Azure docs, nsg-flow-logs-overview and network-security-group-how-it-works).
/// </summary>
internal sealed class FlowComparison(NetworkModel model)
{
    public Comparison Compare(FlowClass flow)
    {
        if (flow.RuleClass is "platform" or "encryption")
            return new Comparison(ReplayOutcome.Platform, default, null);
        if (flow.Flow.Direction == Direction.Unknown || flow.Decision == Decision.Unknown || flow.Rule is null)
            return new Comparison(ReplayOutcome.RowIncomplete, default, null);

        var state = model.Epoch(flow.Epoch);
        var logged = state.Nsg(flow.Acl);
        var nic = state.NicByMac(flow.Mac) ?? (logged is null ? null : state.PlaceOf(logged));
        if (nic is null)
            return new Comparison(logged is null && flow.Acl is not null && flow.RuleClass != "admin" ? ReplayOutcome.NsgMissing : ReplayOutcome.NicUnknown, default, null);

        var decision = state.Decide(nic, flow.Flow);
        return new Comparison(Judge(flow, nic, logged, decision), decision, nic);
    }

    private ReplayOutcome Judge(FlowClass flow, NicPlace nic, NetworkSecurityGroup? logged, in NsgDecision decision)
    {
        if (flow.RuleClass == "admin")
            return JudgeAdmin(flow, decision);
        if (logged is null)
            return ReplayOutcome.NsgMissing;
        if (Level(decision, logged) is not { } level)
            return decision.DecidingLevel == NsgLevel.Platform && flow.Decision == Decision.Allow ? ReplayOutcome.Agrees : ReplayOutcome.LevelMissing;
        if (Agrees(flow, decision, level))
            return ReplayOutcome.Agrees;
        if (NeighbourAgrees(flow, nic))
            return ReplayOutcome.RuleChanged;
        if (!logged.Rules.Any(r => RuleNames.Same(flow.Rule!, r.Name)))
            return ReplayOutcome.RuleMissing;
        if (level.Decision == Decision.Unknown || !level.RuleIsSure || !decision.IsDecided)
            return ReplayOutcome.NameUnknown;

        return ReplayOutcome.Differs;
    }

    private ReplayOutcome JudgeAdmin(FlowClass flow, in NsgDecision decision)
    {
        if (!model.HasAdminRules)
            return ReplayOutcome.AdminRuleMissing;
        if (decision.Admin.Rule is not { } rule)
            return decision.Admin.Decision == AdminDecision.Unresolved ? ReplayOutcome.NameUnknown : ReplayOutcome.RuleMissing;

        // The log puts the id of the configuration behind the name of the rule.
        var sameRule = flow.Rule!.StartsWith(rule.Name, StringComparison.OrdinalIgnoreCase);
        return sameRule && decision.Decision == flow.Decision ? ReplayOutcome.Agrees : ReplayOutcome.Differs;
    }

    /// <summary>A refusal stands at its level; an allowed flow must also pass the other level.</summary>
    private static bool Agrees(FlowClass flow, in NsgDecision decision, in NsgLevelResult level) =>
        level.Decision == flow.Decision && level.Rule is { } rule && level.RuleIsSure && RuleNames.Same(flow.Rule!, rule.Name)
        && (flow.Decision == Decision.Deny || decision.Decision == Decision.Allow);

    private static NsgLevelResult? Level(in NsgDecision decision, NetworkSecurityGroup nsg) =>
        Is(decision.Subnet.Nsg, nsg) ? decision.Subnet : Is(decision.Nic.Nsg, nsg) ? decision.Nic : null;

    /// <summary>By id too: an effective-rules export holds the same NSG once more.</summary>
    private static bool Is(NetworkSecurityGroup? asked, NetworkSecurityGroup nsg) =>
        ReferenceEquals(asked, nsg) || (asked is not null && nsg.Id.Length > 0 && nsg.Id.Equals(asked.Id, StringComparison.OrdinalIgnoreCase));

    private bool NeighbourAgrees(FlowClass flow, NicPlace nic)
    {
        foreach (var epoch in new[] { flow.Epoch - 1, flow.Epoch + 1 }.Where(e => e >= 0 && e <= model.Boundaries.Count))
        {
            var state = model.Epoch(epoch);
            var place = state.NicByMac(flow.Mac) ?? nic;
            var decision = state.Decide(place, flow.Flow);
            if (state.Nsg(flow.Acl) is { } nsg && Level(decision, nsg) is { } level && Agrees(flow, decision, level))
                return true;
        }

        return false;
    }
}
