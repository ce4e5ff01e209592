namespace FlowLogAnalyzer.Reports.Sections;

/// <summary>Sections that are one table each.</summary>
internal static class PlainSections
{
    public static string Hygiene(WeekFacts facts) =>
        ReportTable.Of(
            [.. facts.Rules.Rows.Where(r => What(facts, r) is not null).OrderBy(r => What(facts, r), StringComparer.Ordinal)], facts.Week,
            facts.IsEmpty ? "Nothing was recorded." : "Every rule of the NSGs in the inventory matched something, and none admits any source; or no NSG was imported.",
            ReportColumn.Text("NSG", "nsg"), ReportColumn.Text("rule", "rule"), ReportColumn.Text("direction", "direction"), ReportColumn.Text("decision", "decision"), ReportColumn.Number("priority", "priority"),
            new("what", row => What(facts, row)!), ReportColumn.Text("sources", "sources"), ReportColumn.Text("ports", "ports"), ReportColumn.Number("decided", "decided"))
        + "\nOne week is too short to delete a rule by: upgrades, failovers and certificate rotation need rules that are rarely hit.\n";

    /// <summary>Why a rule is worth a look; null when it is not.</summary>
    private static string? What(WeekFacts facts, ResultRow rule) =>
        facts.UnusedRules.Contains((rule.Text("nsg").ToLowerInvariant(), rule.Text("rule").ToLowerInvariant())) ? "matched nothing"
        : rule["admits_any_source"] is true ? "admits any source"
        : null;

    public static string Talkers(WeekFacts facts) =>
        ReportTable.Of(
            [.. facts.Talkers.Rows], facts.Week, "No traffic is in the logs.",
            ReportColumn.Text("source", "source"), ReportColumn.Text("destination", "destination"), new("port", row => Port(row), IsNumber: true),
            ReportColumn.Number("new connections", "new_flows"), ReportColumn.Number("bytes sent", "bytes_sent"), ReportColumn.Number("bytes received", "bytes_received"));

    public static string Coverage(WeekFacts facts, ReportCoverage grade) =>
        $"**Grade {grade.Letter}**: {ReportText.Escape(grade.Reason)}. {Meaning}\n\n"
        + ReportTable.Of(
            [.. facts.Coverage.Rows], facts.Week, "Nothing is known.",
            ReportColumn.Text("what", "what"), ReportColumn.Number("covered", "seen"), ReportColumn.Number("of", "expected"),
            new("share", row => row.Long("expected") == 0 ? "not known" : ReportText.Percent(row.Long("seen"), row.Long("expected")), IsNumber: true))
        + $"\nThe rows span {Span(facts)}.\n";

    private const string Meaning = "A is 95 % and more in every line but the one about oddities, B 80 %, C 50 %, D less; not better than C where the inventory does not say how many there are.";

    /// <summary>What this report is silent about.</summary>
    public static string NotLookedAt(WeekFacts facts)
    {
        var skipped = facts.Check.Skipped.Select(s => $"- {ReportText.Escape($"{s.Id} {s.Title}")}: {ReportText.Escape(s.Reason)}\n");
        var limits = facts.Check.Findings.SelectMany(f => f.Limits).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(l => $"- {ReportText.Escape(l)}\n").Take(ReportTable.MostRows);
        return string.Concat(skipped) + string.Concat(limits) + Always;
    }

    private const string Always = """
        - What was answered on a connection that was let in: an error of the application looks like success in a flow log.
        - Traffic between pods of one node, and what Kubernetes network policies refuse: it never reaches a network interface.
        - Whether rules were changed on purpose, and by whom: the activity log was not read.

        """;

    private static string Port(ResultRow row) => row["port"] is long port ? port.ToString(System.Globalization.CultureInfo.InvariantCulture) : "";

    private static string Span(WeekFacts facts) =>
        facts.IsEmpty ? "nothing" : $"{facts.Totals.Text("first_seen")} to {facts.Totals.Text("last_seen")}, {facts.Totals.Text("tuples")} tuples of {ReportText.Count(facts.Totals.Long("nics"), "NIC", "NICs")} in {ReportText.Count(facts.Totals.Long("blobs"), "blob", "blobs")}";
}
