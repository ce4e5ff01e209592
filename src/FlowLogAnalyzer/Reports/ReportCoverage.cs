namespace FlowLogAnalyzer.Reports;

/// <summary>
/// How far a report can be trusted to see everything: A at 95 % and more of everything that could be covered, B at 80 %,
/// C at 50 %, else D; never better than C when the inventory does not say what there is to cover.
/// </summary>
internal sealed record ReportCoverage(char Letter, string Reason)
{
    /// <summary>Oddities of the log's text cost nothing: the tuples are there.</summary>
    private const string Oddities = "tuples without an oddity of the log";

    /// <param name="coverage">What the logs cover.</param>
    /// <param name="oldInventory">That the inventory is of another time; null when it is not.</param>
    public static ReportCoverage Of(ResultTable coverage, string? oldInventory = null)
    {
        var rows = coverage.Rows.Where(r => r.Text("what") != Oddities).ToList();
        var unknown = rows.Where(r => r.Long("expected") == 0).Select(r => r.Text("what")).ToList();
        var worst = rows.Where(r => r.Long("expected") > 0).OrderBy(Share).ThenBy(r => r.Long("place")).FirstOrDefault();
        if (worst.Table is null)
            return new ReportCoverage('D', "nothing is known of what there is to cover");

        var letter = Share(worst) switch { >= 0.95 => 'A', >= 0.8 => 'B', >= 0.5 => 'C', _ => 'D' };
        if (oldInventory is not null && letter < 'C')
            return new ReportCoverage('C', oldInventory.TrimEnd('.'));
        return unknown.Count > 0 && letter < 'C'
            ? new ReportCoverage('C', $"the inventory does not say how many there are: {string.Join(", ", unknown)}")
            : new ReportCoverage(letter, $"{worst.Text("what")}: {worst.Text("seen")} of {worst.Text("expected")}");
    }

    private static double Share(ResultRow row) => row.Long("seen") / (double)row.Long("expected");
}
