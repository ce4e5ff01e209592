using System.Diagnostics.Metrics;
using FlowLogAnalyzer.Telemetry;

namespace FlowLogAnalyzer.Ingest.Queues;

/// <summary>What a worker does, for whoever listens to the meter <c>FlowLogAnalyzer</c>.</summary>
internal static class WorkMetrics
{
    private static readonly Meter Meter = new(FlowLogTelemetry.Name, FlowLogTelemetry.Version);

    /// <summary>By <c>outcome</c>: completed, returned, rejected, lost.</summary>
    public static readonly Counter<long> Messages = Meter.CreateCounter<long>("flowlog.worker.messages", "{message}", "Messages that were settled, by how.");
    public static readonly UpDownCounter<long> Held = Meter.CreateUpDownCounter<long>("flowlog.worker.held", "{message}", "Messages that this worker holds.");
    public static readonly Gauge<long> Waiting = Meter.CreateGauge<long>("flowlog.worker.queue.messages", "{message}", "About how many messages the queue has, held ones included.");
    public static readonly Histogram<double> Lag = Meter.CreateHistogram<double>("flowlog.worker.lag", "s", "From the sending of a message to the commit of what it asks for.");

    public static void Settled(string outcome) => Messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
