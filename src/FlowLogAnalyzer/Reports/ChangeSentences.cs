using FlowLogAnalyzer.Findings;

namespace FlowLogAnalyzer.Reports;

/// <summary>What changed since last week, in five sentences, behind why nothing was looked at: traffic, findings, requests, probes, edges. Not escaped.</summary>
internal sealed class ChangeSentences(WeekDifference difference, ReportCoverage grade)
{
    private readonly WeekFacts _now = difference.Week;
    private readonly WeekFacts _before = difference.Before;

    /// <summary>Of a week without rows nothing can be said but that.</summary>
    public IReadOnlyList<string> All => _now.Whole.NothingLookedAt is not { } nothing ? Changes : _now.IsEmpty ? [nothing] : [nothing, .. Changes];

    private IReadOnlyList<string> Changes => [Traffic(), Findings(), Requests(), Probes(), Edges()];

    private string Traffic()
    {
        var now = $"{ReportText.Count(_now.Decided, "connection was", "connections were")} decided, {ReportText.Number(_now.Refused)} of them refused ({ReportText.Percent(_now.Refused, _now.Decided)})";
        return difference.CanCompare
            ? $"This week {now}; the week before {ReportText.Number(_before.Decided)}, {ReportText.Number(_before.Refused)} of them refused ({ReportText.Percent(_before.Refused, _before.Decided)})."
            : $"This week {now}; the lake holds nothing of the week before, so nothing can be compared with it.";
    }

    private string Findings()
    {
        var all = _now.Check.Findings.Count;
        if (!difference.CanCompare)
            return $"There {(all == 1 ? "is" : "are")} {ReportText.Count(all, "finding", "findings")}{Named(_now.Check.Findings)}.";

        var (fresh, gone) = (difference.NewFindings, difference.GoneFindings);
        return $"There {(all == 1 ? "is" : "are")} {ReportText.Count(all, "finding", "findings")}: {ReportText.Number(fresh.Count)} new{Named(fresh)}, "
            + $"{ReportText.Number(all - fresh.Count)} still there, and {ReportText.Number(gone.Count)} of last week gone{Named(gone)}.";
    }

    private string Requests()
    {
        var worst = _now.Failures.Rows.FirstOrDefault(r => r.Long("refused") > 0);
        if (worst.Table is null)
            return difference.CanCompare && _before.Failures.Rows.Any(r => r.Long("refused") > 0)
                ? "No client's connection to a service was refused, where some were the week before."
                : "No client's connection to a service was refused.";

        var same = _before.Failures.Rows.FirstOrDefault(r => r.Text("service") == worst.Text("service") && r.Text("client") == worst.Text("client"));
        var then = same.Table is null ? "" : $", after {ReportText.Percent(same.Double("failure_share"))} the week before";
        return $"Most refusals hit {worst.Text("client")} on its way to {worst.Text("service")}: {ReportText.Number(worst.Long("refused"))} of {ReportText.Number(worst.Long("connections"))} connections "
            + $"({ReportText.Percent(worst.Double("failure_share"))}) between {worst.Text("first_refused")} and {worst.Text("last_refused")}{then}.";
    }

    private string Probes()
    {
        var nodes = Nodes(_now);
        var gone = _now.Probes.Rows.Where(WeekFacts.IsOut).ToList();
        if (gone.Count == 0)
            return nodes == 0
                ? "No probe of a load balancer is in these logs."
                : $"The load balancer had {(nodes == 1 ? "the one node that it probes" : $"all {nodes} nodes that it probes")} in rotation{(_before.OutOfRotation > 0 ? $", where {_before.OutOfRotation} were taken out the week before" : "")}.";

        var first = gone.OrderBy(r => r.Time("first_unhealthy")).ThenBy(r => r.Text("node"), StringComparer.Ordinal).First();
        return $"The load balancer took {_now.OutOfRotation} of {ReportText.Count(nodes, "node", "nodes")} out of rotation, first {first.Text("node")} at {first.Text("first_unhealthy")} "
            + $"by rule {first.Text("rule")} of {first.Text("nsg")}{(difference.CanCompare ? $"; the week before it was {_before.OutOfRotation} of {Nodes(_before)}" : "")}.";
    }

    private string Edges()
    {
        var edges = difference.NewEdges();
        var fresh = difference.CanCompare
            ? $"{(edges.Count == 1 ? "There is" : "There are")} {ReportText.Count(edges.Count, "pair that did", "pairs that did")} not talk to each other the week before"
            : $"{ReportText.Count(_now.Edges.Cells.Count, "pair talks", "pairs talk")} to each other";
        return $"{char.ToUpperInvariant(fresh[0])}{fresh[1..]}, and the coverage of this report is graded {grade.Letter} ({grade.Reason}).";
    }

    private static int Nodes(WeekFacts facts) => facts.Probes.Rows.Select(r => r.Text("node")).Distinct(StringComparer.Ordinal).Count();

    private static string Named(IReadOnlyList<Finding> findings)
    {
        var ids = findings.Select(f => f.Id).Distinct(StringComparer.Ordinal).ToList();
        return ids.Count == 0 ? "" : $" ({string.Join(", ", ids.Take(6))}{(ids.Count > 6 ? " and others" : "")})";
    }
}
