using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>What commits cost, for whoever listens to the meter <c>FlowLogAnalyzer</c>.</summary>
internal static class CommitMetrics
{
    public static void Rows(long rows) => FlowLogMeters.CommitRows.Record(rows);

    public static void Committed(DeltaLog log, int attempts, TimeSpan took)
    {
        var table = Table(log);
        FlowLogMeters.Commits.Add(1, table);
        FlowLogMeters.LostRaces.Add(attempts - 1, table);
        FlowLogMeters.CommitDuration.Record(took.TotalSeconds, table);
    }

    public static void Conflict(DeltaLog log, int attempts)
    {
        FlowLogMeters.LostRaces.Add(attempts - 1, Table(log));
        FlowLogMeters.Conflicts.Add(1, Table(log));
    }

    private static KeyValuePair<string, object?> Table(DeltaLog log) => new("table", log.Folder.TrimEnd('/'));
}
