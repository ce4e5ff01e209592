using System.Globalization;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Query;

namespace FlowLogAnalyzer.Reports;

/// <summary>Everything a report says about one week, as the queries returned it.</summary>
internal sealed record WeekFacts
{
    private static readonly int[] Intervals = [60, 300, 600, 1800, 3600, 4 * 3600];

    /// <summary>Points of a chart; more are not told apart on a page.</summary>
    private const int MostIntervals = 48;

    private const long MostRowsToKeep = 5_000_000;

    public required IsoWeek Week { get; init; }

    /// <summary>What there was to look at.</summary>
    public required LookedAt LookedAt { get; init; }

    /// <summary>As `flowlog check` over the week prints it.</summary>
    public required CheckResult Whole { get; init; }

    /// <summary>Without what is suppressed.</summary>
    public required CheckResult Check { get; init; }

    /// <summary>Findings that somebody decided to live with.</summary>
    public required IReadOnlyList<Finding> Suppressed { get; init; }
    public required ResultRow Totals { get; init; }

    /// <summary>Length of an interval of the tables over time, in seconds.</summary>
    public required int IntervalSeconds { get; init; }
    public required ResultTable Failures { get; init; }
    public required ResultTable FailuresOverTime { get; init; }
    public required ResultTable Probes { get; init; }
    public required ResultTable ProbesOverTime { get; init; }
    public required ResultTable Denied { get; init; }
    public required ResultTable Sideways { get; init; }
    public required ResultTable Edges { get; init; }
    public required ResultTable Rules { get; init; }

    /// <summary>NSG and rule in lower case, by the definition of NSG-001.</summary>
    public required IReadOnlySet<(string Nsg, string Rule)> UnusedRules { get; init; }
    public required ResultTable Talkers { get; init; }
    public required ResultTable Coverage { get; init; }

    public bool IsEmpty => Totals.Long("tuples") == 0;

    public long Decided => Totals.Long("decided");

    /// <summary>Nodes that the load balancer held for dead or flapping at some time, by the whole way of their probes.</summary>
    public int OutOfRotation => Probes.Rows.Where(IsOut).Select(r => r.Text("node")).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Whether a row of <see cref="Probes"/> is of a node that was out of rotation.</summary>
    public static bool IsOut(ResultRow row) => row.Long("minutes_unhealthy") + row.Long("minutes_flapping") > 0;

    public long Refused => Totals.Long("refused");

    public static WeekFacts Of(LakeWindow window, IsoWeek week, CancellationToken ct)
    {
        var database = window.Database;
        // Every section asks the same rows by name: naming them once is most of the work, as long as they fit in memory.
        if ((long)database.Scalar("select count(*) from lake_tuples")! <= MostRowsToKeep)
            database.Materialise("named_tuples");
        var found = Fixes.Check.RunWithRepairs(window, null, ct);
        var check = found.Result;
        var totals = ResultTable.Of(database, "week_totals").Rows.Single();
        var seconds = Interval(totals.Time("first_seen"), totals.Time("last_seen"));
        var interval = ("seconds", seconds.ToString(CultureInfo.InvariantCulture));
        ResultTable Run(string name, params (string, string)[] variables)
        {
            ct.ThrowIfCancellationRequested();
            return ResultTable.Of(database, name, variables);
        }

        return new WeekFacts
        {
            Week = week,
            LookedAt = window.LookedAt,
            Whole = check,
            Check = check with { Findings = [.. check.Findings.Where(f => f.Suppressed is null)] },
            Suppressed = [.. check.Findings.Where(f => f.Suppressed is not null)],
            Totals = totals,
            IntervalSeconds = seconds,
            Failures = Run("week_failure_share"),
            FailuresOverTime = Run("week_failure_over_time", interval),
            Probes = Run("week_probe_health"),
            ProbesOverTime = Run("week_probe_over_time", interval),
            Denied = Run("week_denied"),
            Sideways = Run("week_sideways"),
            Edges = Run("week_edges"),
            Rules = Run("week_rules"),
            UnusedRules = found.UnusedRules().Select(u => (u.Nsg.ToLowerInvariant(), u.Rule.ToLowerInvariant())).ToHashSet(),
            Talkers = Run("week_talkers"),
            Coverage = Run("week_coverage"),
        };
    }

    /// <summary>The shortest interval that cuts the logs' span into a readable number of pieces.</summary>
    private static int Interval(DateTime? first, DateTime? last)
    {
        var span = first is { } from && last is { } to ? (to - from).TotalSeconds : 0;
        return Intervals.FirstOrDefault(i => span / i <= MostIntervals, Intervals[^1]);
    }
}
