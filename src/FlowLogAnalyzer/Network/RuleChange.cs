using FlowLogAnalyzer.Inventory;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Network;

/// <summary>Why flows are decided otherwise from some time (UTC) on: what changed, in sentences, and who changed it.</summary>
internal sealed record RuleChange(DateTime At, string Text)
{
    public IReadOnlyList<NsgOperation> Operations { get; init; } = [];

    /// <summary>For the evidence of a finding; who and how only where the Activity Log tells.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Evidence
    {
        get
        {
            yield return new("changedAt", At);
            yield return new("change", Text);
            if (Operations.Select(o => o.Caller).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } callers)
                yield return new("changedBy", string.Join(", ", callers));
            if (Operations.Count > 0)
                yield return new("operation", string.Join(", ", Operations.Select(o => o.Operation).Distinct().Order(StringComparer.Ordinal)));
        }
    }
}

/// <summary>Operations of the Activity Log in words.</summary>
internal static class OperationText
{
    private const int MostTold = 5;

    public static string Of(IReadOnlyList<NsgOperation> operations) => string.Join(' ', operations.Take(MostTold).Select(Of)) + (operations.Count > MostTold ? $" The Activity Log has {operations.Count - MostTold} more changes of that time." : "");

    private static string Of(NsgOperation operation) =>
        $"{operation.Caller ?? "Somebody whom the export does not name"}{(operation.CallerIp is { } ip ? $" at {ip}" : "")} {(operation.Operation.EndsWith("/delete", StringComparison.OrdinalIgnoreCase) ? "deleted" : "wrote")} "
        + $"{(operation.Rule is { } rule ? $"rule {rule} of {operation.NsgName}" : operation.NsgName)} at {SqlText.Iso(operation.Ended)} ({operation.Operation}).";
}
