using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Reports;

/// <summary>A weekly report in a few lines, for a chat. Texts are not escaped: names from logs are in them.</summary>
/// <param name="Week">The week.</param>
/// <param name="Sentences">What changed, in five sentences.</param>
/// <param name="Findings">How many findings there are of each severity that has any, the worst first.</param>
public sealed record ReportSummary(IsoWeek Week, IReadOnlyList<string> Sentences, IReadOnlyList<(Severity Severity, int Count)> Findings)
{
    public string Title => $"Flow logs, week {Week}";

    /// <summary>Where a week's report can be read: <c>{week}</c> in the text stands for the week. False when it is no web address.</summary>
    public static bool TryLink(string text, IsoWeek week, out Uri? link) =>
        Uri.TryCreate(text.Replace("{week}", week.ToString(), StringComparison.Ordinal), UriKind.Absolute, out link) && (link.Scheme == Uri.UriSchemeHttps || link.Scheme == Uri.UriSchemeHttp);

    /// <summary>"4 critical, 6 high", or "none".</summary>
    public string Counts => Findings.Count == 0 ? "none" : string.Join(", ", Findings.Select(f => $"{f.Count} {FindingJson.Word(f.Severity)}"));
}
