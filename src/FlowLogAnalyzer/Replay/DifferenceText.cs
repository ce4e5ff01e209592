using FlowLogAnalyzer.Network;

namespace FlowLogAnalyzer.Replay;

/// <summary>Why recorded flows and exported rules do not agree, and what to do about it.</summary>
internal static class DifferenceText
{
    public static string Of(FlowClass flow, Comparison result, NetworkModel model)
    {
        var nsg = SelfCheck.ShortName(flow.Acl);
        return result.Outcome switch
        {
            ReplayOutcome.NsgMissing => $"No export holds the NSG {nsg}. Import it: az network nsg list -o json",
            ReplayOutcome.RuleMissing => flow.RuleClass == "admin"
                ? $"None of the given security admin rules matches, but {flow.Rule} decided: the export is older or newer than the logs."
                : $"The export of {nsg} has no rule {Nsg.RuleNames.Strip(flow.Rule!)}: the export is older or newer than the logs, or the rule was removed between two exports.",
            ReplayOutcome.RuleChanged => $"{nsg} was changed between two exports: the version before or after decides as logged. Import exports more often to know when.",
            ReplayOutcome.LevelMissing => $"{nsg} decided, but the inventory attaches it neither to this NIC nor to its subnet. Import newer NICs and subnets: az vmss nic list, az network vnet list.",
            ReplayOutcome.AdminRuleMissing => $"A security admin rule decided ({flow.Rule}), and those were not given. Export them with: az network manager security-admin-config rule-collection rule list, and add them with --nsg.",
            ReplayOutcome.NameUnknown => result.Nic is { } nic && model.Epoch(flow.Epoch).EvaluatorOf(nic).Explain(flow.Flow).UndecidedReason is { } reason
                ? reason
                : "A rule that comes first names something that is not known here, so which rule decides is not sure.",
            ReplayOutcome.NicUnknown => "The NIC that logged it is not in the inventory. Import it: az vmss nic list, az network nic list.",
            ReplayOutcome.Platform => "A rule of the platform decided; those are in no export.",
            ReplayOutcome.RowIncomplete => "The row lacks its direction, its decision or its rule.",
            _ => $"Logged was {flow.Decision} by {nsg}/{Nsg.RuleNames.Strip(flow.Rule!)}, but the exported rules say {(result.Decision.IsDecided ? result.Decision.Decision.ToString() : "undecided")}"
                + $" by {result.Decision.Nsg?.Name ?? "no NSG"}/{result.Decision.Rule?.Name ?? "no rule"}: the export is stale, or a tag stands for something else on this NIC.",
        };
    }
}
