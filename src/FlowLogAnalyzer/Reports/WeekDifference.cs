using FlowLogAnalyzer.Findings;

namespace FlowLogAnalyzer.Reports;

/// <summary>What is in one week and not in the other.</summary>
internal sealed class WeekDifference(WeekFacts week, WeekFacts before)
{
    private readonly Dictionary<(string, string, string?, string?), Finding> _before =
        before.Check.Findings.GroupBy(Key).ToDictionary(g => g.Key, g => g.First());

    public WeekFacts Week { get; } = week;

    public WeekFacts Before { get; } = before;

    /// <summary>False when the lake holds nothing of the week before: then nothing can be called new.</summary>
    public bool CanCompare => !Before.IsEmpty;

    public IReadOnlyList<Finding> NewFindings => [.. Week.Check.Findings.Where(f => !_before.ContainsKey(Key(f)))];

    public IReadOnlyList<Finding> GoneFindings
    {
        get
        {
            var now = Week.Check.Findings.Select(Key).ToHashSet();
            return [.. Before.Check.Findings.Where(f => !now.Contains(Key(f)))];
        }
    }

    /// <summary>When a finding was first seen, as far as this week and the one before tell.</summary>
    public DateTime Since(Finding finding) =>
        _before.TryGetValue(Key(finding), out var earlier) && earlier.FirstSeen < finding.FirstSeen ? earlier.FirstSeen : finding.FirstSeen;

    public bool IsNew(Finding finding) => !_before.ContainsKey(Key(finding));

    /// <summary>Edges that the week before did not have; empty when there is nothing to compare with.</summary>
    public IReadOnlyList<ResultRow> NewEdges()
    {
        if (!CanCompare)
            return [];

        var known = Before.Edges.Rows.Select(Edge).ToHashSet();
        return [.. Week.Edges.Rows.Where(row => !known.Contains(Edge(row)))];
    }

    private static (string, string, long, long) Edge(ResultRow row) => (row.Text("source"), row.Text("destination"), row.Long("port"), row.Long("protocol"));

    private static (string, string, string?, string?) Key(Finding finding) => (finding.Id, finding.Subject, finding["nsg"] as string, finding["rule"] as string);
}
