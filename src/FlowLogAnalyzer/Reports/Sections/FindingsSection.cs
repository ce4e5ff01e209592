using System.Text;
using FlowLogAnalyzer.Findings;

namespace FlowLogAnalyzer.Reports.Sections;

/// <summary>Findings, the worst first, with their fix and since when they are there.</summary>
internal static class FindingsSection
{
    public static string Of(WeekDifference difference)
    {
        var (week, findings) = (difference.Week.Week, difference.Week.Check.Findings);
        if (findings.Count == 0)
            return $"{(difference.Week.Whole.NothingLookedAt is { } nothing ? ReportText.Escape(nothing) : "Nothing was found.")} What could not be looked for is listed at the end.\n" + Suppressed(difference.Week.Suppressed);

        var text = new StringBuilder(ReportTable.Table(
            [("severity", false), ("finding", false), ("where", false), ("since", false), ("times", true)],
            findings.Take(ReportTable.MostRows).Select(f => new[] { FindingJson.Word(f.Severity), $"{f.Id} {f.Title}", Where(f), Since(difference, f), ReportText.Number(f.Count) })));
        var more = findings.Count > ReportTable.MostRows ? $"{findings.Count - ReportTable.MostRows} more: " : "All of it: ";
        text.Append($"\n{more}`{Command(week, null)}`\n");
        foreach (var finding in findings.Take(ReportTable.MostRows))
            text.Append(One(difference, finding));
        if (difference.CanCompare && difference.GoneFindings is { Count: > 0 } gone)
            text.Append($"\nGone since last week: {string.Join("; ", gone.Take(ReportTable.MostRows).Select(f => ReportText.Escape($"{f.Id} {f.Subject}")))}.\n");
        return text.Append(Suppressed(difference.Week.Suppressed)).ToString();
    }

    private static string Suppressed(IReadOnlyList<Finding> findings) => findings.Count == 0 ? "" : "\nSuppressed in flowlog.json:\n\n"
        + string.Concat(findings.Select(f => $"- {ReportText.Escape($"{f.Id} {f.Subject}")}, until {f.Suppressed!.Expires:yyyy-MM-dd}: {ReportText.Escape(f.Suppressed.Reason)}\n"));

    private static string One(WeekDifference difference, Finding finding)
    {
        var text = new StringBuilder($"\n### {ReportText.Escape($"{finding.Id} {finding.Title}: {Where(finding)}")}\n\n");
        text.Append($"{ReportText.Escape(finding.Explanation)}\n\n");
        text.Append($"- **Severity:** {FindingJson.Word(finding.Severity)}, confidence {FindingJson.Word(finding.Confidence)}{(finding["coverage"] is string grade ? $"; logs of that place and time: grade {grade}" : "")}\n");
        text.Append($"- **Since:** {ReportText.Escape(Since(difference, finding))}, last seen {ReportText.Time(finding.LastSeen)}, {ReportText.Number(finding.Count)} times\n");
        if (finding.Fix is { } fix)
            text.Append($"- **Fix:** {ReportText.Escape(fix.Summary)}\n");
        if (finding.Fix?.Proof is { } proof)
            text.Append($"- **Proved by replay:** repairs {ReportText.Number(proof.Repaired)}, leaves {ReportText.Number(proof.StillDenied)} refused, admits besides: {ReportText.Escape(proof.AlsoAdmitted.Count == 0 ? "nothing" : string.Join("; ", proof.AlsoAdmitted))}\n");
        if (finding.Attack.Count > 0)
            text.Append($"- **ATT&CK:** {ReportText.Escape(string.Join(", ", finding.Attack.Select(a => $"{a.Id} {a.Name}")))}\n");
        foreach (var limit in finding.Limits)
            text.Append($"- **Limit:** {ReportText.Escape(limit)}\n");
        if (finding.NextCommand is { } next)
            text.Append($"- **What else is open to it:** `{next}`\n");
        text.Append($"- **Rows:** `{Command(difference.Week.Week, finding.Id)} --output json`, its `evidence.sql`\n");
        if (finding.Fix is { Az.Count: > 0 } code)
            text.Append($"\n{ReportText.Fence("sh", code.Az)}");
        return text.ToString();
    }

    /// <summary>The subject, and the rule when the subject does not name it: findings of one subject differ in it.</summary>
    private static string Where(Finding finding) =>
        finding["nsg"] is string nsg && finding["rule"] is string rule && !finding.Subject.Contains($"{nsg}/{rule}", StringComparison.Ordinal)
            ? $"{finding.Subject} at {nsg}/{rule}"
            : finding.Subject;

    private static string Since(WeekDifference difference, Finding finding) =>
        ReportText.Time(difference.Since(finding)) + (difference.CanCompare && difference.IsNew(finding) ? " (new)" : "");

    private static string Command(IsoWeek week, string? only) =>
        $"flowlog check --since {week} --until {week.Next}{(only is null ? "" : $" --only {only}")}";
}
