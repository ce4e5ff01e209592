using System.Diagnostics.Metrics;

namespace FlowLogAnalyzer.Telemetry;

/// <summary>
/// Every metric there is, counted where it happens. Without a listener a count costs a few nanoseconds. Names and units
/// follow the OpenTelemetry conventions; docs/telemetry.md explains them, and infra/grafana draws them.
/// </summary>
public static class FlowLogMeters
{
    private static readonly Meter Meter = new(FlowLogTelemetry.Name, FlowLogTelemetry.Version);

    /// <summary>By <c>outcome</c>: read, unchanged, skipped, failed.</summary>
    public static readonly Counter<long> Blobs = Meter.CreateCounter<long>("flowlog.ingest.blobs", "{blob}", "Blobs that were looked at, by what became of them.");
    public static readonly Counter<long> Bytes = Meter.CreateCounter<long>("flowlog.ingest.bytes", "By", "Bytes of the blobs that were taken in.");
    public static readonly Counter<long> Tuples = Meter.CreateCounter<long>("flowlog.ingest.tuples", "{tuple}", "Tuples that were seen, rejected ones included.");
    public static readonly Counter<long> Rows = Meter.CreateCounter<long>("flowlog.ingest.rows", "{row}", "Rows that were committed to the lake.");

    /// <summary>By <c>reason</c>, the parser's closed list.</summary>
    public static readonly Counter<long> Rejects = Meter.CreateCounter<long>("flowlog.ingest.rejects", "{tuple}", "Tuples that gave no row.");
    public static readonly Histogram<double> Lag = Meter.CreateHistogram<double>("flowlog.ingest.lag", "s", "From the last change of a blob to its rows in the lake.", advice: Seconds(1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14400));
    public static readonly Histogram<double> IngestDuration = Meter.CreateHistogram<double>("flowlog.ingest.duration", "s", "How long a run took.", advice: Seconds(0.1, 0.5, 1, 5, 15, 60, 300, 1800));

    /// <summary>By <c>table</c>.</summary>
    public static readonly Counter<long> Commits = Meter.CreateCounter<long>("flowlog.lake.commits", "{commit}", "Commits to tables of the lake.");

    /// <summary>By <c>table</c>.</summary>
    public static readonly Counter<long> Conflicts = Meter.CreateCounter<long>("flowlog.lake.conflicts", "{conflict}", "Commits that another writer was faster with, and that were planned again.");

    /// <summary>By <c>severity</c>; suppressed ones are not counted.</summary>
    public static readonly Gauge<long> Findings = Meter.CreateGauge<long>("flowlog.check.findings", "{finding}", "Findings of the last check.");
    public static readonly Histogram<double> CheckDuration = Meter.CreateHistogram<double>("flowlog.check.duration", "s", "How long a check took.", advice: Seconds(0.5, 1, 5, 15, 60, 300, 1800));
    public static readonly Counter<long> EventsReceived = Meter.CreateCounter<long>("flowlog.events.received", "{event}", "Events that came out of an event hub.");

    /// <summary>By <c>reason</c>: unreadable, refused, broken.</summary>
    public static readonly Counter<long> EventsPassedOver = Meter.CreateCounter<long>("flowlog.events.passed_over", "{event}", "Events that were named and passed over, since no retry helps them.");
    public static readonly Counter<long> EventsSent = Meter.CreateCounter<long>("flowlog.events.sent", "{event}", "Events that an event hub has confirmed.");

    private static InstrumentAdvice<double> Seconds(params double[] bounds) => new() { HistogramBucketBoundaries = bounds };
}
