using FlowLogAnalyzer.Network;
using FlowLogAnalyzer.Nsg;
using FlowLogAnalyzer.Nsg.Suggest;

namespace FlowLogAnalyzer.Fixes;

/// <summary>One rule of a bundle.</summary>
public sealed record FixStep
{
    public required NeedKind Kind { get; init; }

    /// <summary>As exported, without the rule.</summary>
    public required NetworkSecurityGroup Nsg { get; init; }

    public required NsgRule Rule { get; init; }

    /// <summary>The rules that refuse what this one is for, <c>nsg/rule</c>.</summary>
    public IReadOnlyList<string> Against { get; init; } = [];

    /// <summary>Expected failure share of the Service if this step alone were applied, 0 to 1; null without a Service.</summary>
    public double? ShareAlone { get; init; }

    /// <summary>True when this step alone makes more connections fail than now.</summary>
    public bool IsUnsafeAlone { get; init; }

    /// <summary>User rules that the NSG can still take with the bundle applied (Azure limits it to 1000).</summary>
    public int RulesLeft { get; init; }

    public string Name => $"{Nsg.Name}/{Rule.Name}";
}

/// <summary>Another way out, with what the model expects of it.</summary>
public sealed record FixAlternative(string Name, string Effect, double ExpectedFailureShare);

/// <summary>What a bundle does to the recorded flows.</summary>
public sealed record BundleProof
{
    /// <summary>Refused rows of the findings that it would let through.</summary>
    public long Repaired { get; init; }

    /// <summary>Other recorded refused flows that it would let through as well.</summary>
    public IReadOnlyList<string> AlsoAdmitted { get; init; } = [];

    /// <summary>Refused rows of the findings that would still be refused.</summary>
    public long StillDenied { get; init; }
}

/// <summary>The smallest set of rules that makes a Service (or the hop behind it) work, in an order that is safe.</summary>
public sealed record FixBundle
{
    /// <summary>namespace/name.</summary>
    public required string Service { get; init; }

    /// <summary>The rules that it starts from held at this time, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>In an order in which no step makes more connections fail than before it, where there is one.</summary>
    public required IReadOnlyList<FixStep> Steps { get; init; }

    /// <summary>What no NSG rule of the user's can do, in sentences: changes of the Service, of admin rules.</summary>
    public IReadOnlyList<string> ByHand { get; init; } = [];

    /// <summary>Expected failure share now and with the whole bundle, 0 to 1.</summary>
    public double ShareBefore { get; init; }

    public double ShareAfter { get; init; }

    /// <summary>Both in words; a repair that only brings nodes back into rotation has no share to lower.</summary>
    public string ShareChange => ShareText.Percent(ShareBefore) == ShareText.Percent(ShareAfter)
        ? $"stays at {ShareText.Percent(ShareAfter)}"
        : $"goes from {ShareText.Percent(ShareBefore)} to {ShareText.Percent(ShareAfter)}";

    /// <summary>What changes for the Service, in sentences.</summary>
    public IReadOnlyList<string> Effects { get; init; } = [];

    /// <summary>One sentence for every step that must not be applied alone.</summary>
    public IReadOnlyList<string> UnsafeOrder { get; init; } = [];

    public IReadOnlyList<FixAlternative> Alternatives { get; init; } = [];

    /// <summary>The support statement, where the bundle works around blocked traffic inside the cluster.</summary>
    public string? Support { get; init; }

    /// <summary>The rules of a newer export let all of it through.</summary>
    public DateTime? RepairedSince { get; init; }

    public BundleProof Proof { get; init; } = new();

    /// <summary>Ids and subjects of the findings that it is for.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Subnet NSGs with the bundle applied.</summary>
    public IReadOnlyList<NetworkSecurityGroup> Nsgs => Apply(Steps);

    public IReadOnlyList<string> Az => [.. Steps.Select(s => RuleSuggestionText.Write([Suggestion(s)], SuggestionForm.Az).TrimEnd('\n'))];

    public string Text(SuggestionForm form) => Steps.Count == 0 ? "" : RuleSuggestionText.Write([.. Steps.Select(Suggestion)], form);

    /// <summary>The NSGs of the steps with their rules added.</summary>
    public static IReadOnlyList<NetworkSecurityGroup> Apply(IEnumerable<FixStep> steps)
    {
        var nsgs = new Dictionary<string, NetworkSecurityGroup>(StringComparer.OrdinalIgnoreCase);
        foreach (var step in steps)
        {
            var key = step.Nsg.Id.Length > 0 ? step.Nsg.Id : step.Nsg.Name;
            nsgs[key] = nsgs.GetValueOrDefault(key, step.Nsg).WithRule(step.Rule);
        }

        return [.. nsgs.Values.OrderBy(n => n.Name, StringComparer.Ordinal)];
    }

    private static RuleSuggestion Suggestion(FixStep step) => RuleSuggestion.For(step.Nsg, step.Rule);
}
