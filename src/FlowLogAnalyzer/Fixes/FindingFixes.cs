using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Nsg.Suggest;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Fixes;

/// <summary>Puts bundles into findings, and says as LBC-005 which steps must not be applied alone.</summary>
internal static class FindingFixes
{
    public static IEnumerable<Finding> Attach(IReadOnlyList<Finding> findings, IReadOnlyList<PlannedFix> planned, ChangeFinder changes)
    {
        foreach (var finding in findings)
        {
            var fix = planned.FirstOrDefault(p => p.ProofOf(finding) is not null);
            yield return fix is null ? finding : WithCause(finding, fix, changes) with { Fix = Fix(finding, fix), Limits = fix.Bundle.Support is { } support ? [.. finding.Limits, support] : finding.Limits };
        }

        foreach (var fix in planned.Where(p => p.Bundle.UnsafeOrder.Count > 0))
            yield return UnsafeOrder(fix);
    }

    private static Finding WithCause(Finding finding, PlannedFix fix, ChangeFinder changes) => changes.CauseOf(fix.Cases[finding].Case) is { } cause
        ? finding with { Evidence = [.. finding.Evidence.SkipLast(1), .. cause.Evidence, finding.Evidence[^1]] }
        : finding;

    private static FindingFix Fix(Finding finding, PlannedFix fix)
    {
        var (bundle, proof) = (fix.Bundle, fix.ProofOf(finding)!);
        return new FindingFix(Summary(finding.Fix?.Summary, bundle))
        {
            Az = bundle.Az,
            Bicep = bundle.Text(SuggestionForm.Bicep),
            Terraform = bundle.Text(SuggestionForm.Terraform),
            Proof = new FixProof(proof.Repaired, proof.AlsoAdmitted, proof.StillDenied),
        };
    }

    private static string Summary(string? sentence, FixBundle bundle)
    {
        var parts = new List<string>();
        if (sentence is { Length: > 0 })
            parts.Add(sentence);
        if (bundle.Steps.Count > 0)
            parts.Add($"The bundle, in a safe order: {string.Join(", then ", bundle.Steps.Select(s => $"{s.Name} (priority {s.Rule.Priority})"))}; the expected failure share {bundle.ShareChange}.");
        parts.AddRange(bundle.UnsafeOrder);
        parts.AddRange(bundle.ByHand);
        if (bundle.RepairedSince is { } since)
            parts.Add($"The rules exported at {since:yyyy-MM-dd HH:mm:ss} UTC already let all of it through: nothing is left to do.");
        return string.Join(' ', parts);
    }

    private static Finding UnsafeOrder(PlannedFix fix)
    {
        var bundle = fix.Bundle;
        var cause = fix.Cases.Keys.OrderBy(f => f.Id, StringComparer.Ordinal).ThenBy(f => f.Subject, StringComparer.Ordinal).First();
        return new Finding
        {
            Id = "LBC-005",
            Title = "A repair that makes things worse when only a part of it is applied",
            Severity = Severity.Info,
            Confidence = Confidence.High,
            Subject = $"{bundle.Service}: order of repair",
            FirstSeen = cause.FirstSeen,
            LastSeen = cause.LastSeen,
            Count = cause.Count,
            Explanation = string.Join(' ', bundle.UnsafeOrder),
            Evidence =
            [
                new("service", bundle.Service),
                new("nsg", bundle.Steps.First(s => s.IsUnsafeAlone).Nsg.Name),
                new("rule", bundle.Steps.First(s => s.IsUnsafeAlone).Rule.Name),
                new("expectedFailureShare", bundle.Steps.Where(s => s.IsUnsafeAlone).Max(s => s.ShareAlone)!),
                new("shareNow", bundle.ShareBefore),
                new("shareWithBundle", bundle.ShareAfter),
                new("steps", bundle.Steps.Select(s => s.Name).ToList()),
                new("sql", cause["sql"]),
            ],
            Fix = new FindingFix($"Apply the bundle of {string.Join(" and ", bundle.Findings.Select(f => f.Split(' ')[0]).Distinct())} as a whole, in this order: {string.Join(", ", bundle.Steps.Select(s => s.Name))}."),
            Limits = ["The share is worked out from the exported rules, backends and endpoints; it was not observed."],
        };
    }
}
