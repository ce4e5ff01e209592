using System.Diagnostics.Metrics;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>What commits cost, for whoever listens to the meter <c>FlowLogAnalyzer</c>.</summary>
internal static class CommitMetrics
{
    private static readonly Meter Meter = new(FlowLogTelemetry.Name, FlowLogTelemetry.Version);
    private static readonly Counter<long> LostRaces = Meter.CreateCounter<long>("flowlog.lake.lost_races", "{attempt}", "Attempts to append that another writer was faster than.");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>("flowlog.lake.commit.duration", "s", "From the first attempt to append to success.");
    private static readonly Histogram<long> CommitRows = Meter.CreateHistogram<long>("flowlog.lake.commit.rows", "{row}", "New rows per commit of an ingest.");

    public static void Rows(long rows) => CommitRows.Record(rows);

    public static void Committed(DeltaLog log, int attempts, TimeSpan took)
    {
        var table = Table(log);
        LostRaces.Add(attempts - 1, table);
        Seconds.Record(took.TotalSeconds, table);
    }

    public static void Conflict(DeltaLog log, int attempts) => LostRaces.Add(attempts - 1, Table(log));

    private static KeyValuePair<string, object?> Table(DeltaLog log) => new("table", log.Folder.TrimEnd('/'));
}
