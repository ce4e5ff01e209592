using FlowLogAnalyzer.Fixes;
using FlowLogAnalyzer.Nsg.Suggest;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>A bundle as JSON shows it.</summary>
internal sealed record BundleView(
    string Service, DateTime At, IReadOnlyList<string> Findings, double ShareBefore, double ShareAfter, IReadOnlyList<BundleStepView> Steps)
{
    public required IReadOnlyList<string> Effects { get; init; }

    public required IReadOnlyList<string> UnsafeOrder { get; init; }

    public required IReadOnlyList<string> ByHand { get; init; }

    public required IReadOnlyList<FixAlternative> Alternatives { get; init; }

    public string? Support { get; init; }

    public DateTime? RepairedSince { get; init; }

    public required IReadOnlyList<string> Az { get; init; }

    public required string Bicep { get; init; }

    public required string Terraform { get; init; }

    public required BundleProof Proof { get; init; }

    public static BundleView Of(FixBundle bundle) => new(bundle.Service, bundle.At, bundle.Findings, bundle.ShareBefore, bundle.ShareAfter, [.. bundle.Steps.Select(BundleStepView.Of)])
    {
        Effects = bundle.Effects,
        UnsafeOrder = bundle.UnsafeOrder,
        ByHand = bundle.ByHand,
        Alternatives = bundle.Alternatives,
        Support = bundle.Support,
        RepairedSince = bundle.RepairedSince,
        Az = bundle.Az,
        Bicep = bundle.Text(SuggestionForm.Bicep),
        Terraform = bundle.Text(SuggestionForm.Terraform),
        Proof = bundle.Proof,
    };
}

/// <summary>A step of a bundle as JSON shows it.</summary>
internal sealed record BundleStepView(string Nsg, string Rule, int Priority, string Direction, string Protocol)
{
    public required IReadOnlyList<string> Sources { get; init; }

    public required IReadOnlyList<string> Destinations { get; init; }

    public required IReadOnlyList<string> Ports { get; init; }

    public required string Purpose { get; init; }

    public required IReadOnlyList<string> Against { get; init; }

    public double? ShareAlone { get; init; }

    public bool UnsafeAlone { get; init; }

    public int RulesLeft { get; init; }

    public static BundleStepView Of(FixStep step) => new(step.Nsg.Name, step.Rule.Name, step.Rule.Priority, step.Rule.Direction.ToString(), step.Rule.Protocol.ToString())
    {
        Sources = step.Rule.Source.Prefixes,
        Destinations = step.Rule.Destination.Prefixes,
        Ports = step.Rule.Destination.Ports,
        Purpose = step.Rule.Description ?? "",
        Against = step.Against,
        ShareAlone = step.ShareAlone,
        UnsafeAlone = step.IsUnsafeAlone,
        RulesLeft = step.RulesLeft,
    };
}
