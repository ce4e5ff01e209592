using System.Text.RegularExpressions;
using FlowLogAnalyzer.Query.Configuration;

namespace FlowLogAnalyzer.Findings;

/// <summary>Marks findings that flowlog.json suppresses: by id and subject, until the day the suppression expires.</summary>
internal sealed class SuppressionBook(IReadOnlyList<Suppression> suppressions, DateTime? now)
{
    public Finding Apply(Finding finding) =>
        suppressions.FirstOrDefault(s => !s.HasExpired(now) && s.Finding.Equals(finding.Id, StringComparison.OrdinalIgnoreCase) && Matches(s.Subject, finding.Subject)) is { } found
            ? finding with { Suppressed = found }
            : finding;

    private static bool Matches(string pattern, string subject) =>
        Regex.IsMatch(subject, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.Singleline, TimeSpan.FromSeconds(1));
}
