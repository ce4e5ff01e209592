using FlowLogAnalyzer.Nsg.Suggest;
using FlowLogAnalyzer.Reach;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>A blast radius as JSON shows it.</summary>
internal sealed record BlastRadiusView(string Suspect, IReadOnlyList<string> Sources, DateTime At, int HostsReached, int Hosts)
{
    public required int ServicesReached { get; init; }

    public double? NeverUsedShare { get; init; }

    public required IReadOnlyList<ReachedGroup> Reached { get; init; }

    public required IReadOnlyList<NextHop> NextHops { get; init; }

    public required IReadOnlyList<ContainmentView> Containments { get; init; }

    public required IReadOnlyList<string> Limits { get; init; }

    public static BlastRadiusView Of(BlastRadius radius) => new(radius.Suspect, radius.Sources, radius.At, radius.HostsReached, radius.Hosts)
    {
        ServicesReached = radius.ServicesReached,
        NeverUsedShare = radius.NeverUsedShare,
        Reached = radius.Reached,
        NextHops = radius.NextHops,
        Containments = [.. radius.Containments.Select(ContainmentView.Of)],
        Limits = radius.Limits,
    };
}

/// <summary>A containment with its rules as text to run or to commit.</summary>
internal sealed record ContainmentView(string Where, IReadOnlyList<string> Az, string Bicep, string Terraform)
{
    public required int StillReachable { get; init; }

    public required IReadOnlyList<string> StillOpen { get; init; }

    public required long Legitimate { get; init; }

    public required long RequiredByAks { get; init; }

    public required IReadOnlyList<CollateralFlows> Collateral { get; init; }

    public required IReadOnlyList<string> Effects { get; init; }

    public required IReadOnlyList<string> ByHand { get; init; }

    public static ContainmentView Of(Containment containment) => new(containment.Where, [.. containment.Rules.Select(r => Text([r], SuggestionForm.Az).TrimEnd('\n'))],
        Text(containment.Rules, SuggestionForm.Bicep), Text(containment.Rules, SuggestionForm.Terraform))
    {
        StillReachable = containment.StillReachable,
        StillOpen = containment.StillOpen,
        Legitimate = containment.Legitimate,
        RequiredByAks = containment.RequiredByAks,
        Collateral = containment.Collateral,
        Effects = containment.Effects,
        ByHand = containment.ByHand,
    };

    private static string Text(IReadOnlyList<RuleSuggestion> rules, SuggestionForm form) => rules.Count == 0 ? "" : RuleSuggestionText.Write(rules, form);
}
