using System.Globalization;
using System.Text.Json;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>What a worker has done in the last while, for people and for scripts.</summary>
internal sealed record WorkerStatus(DateTime Time, double Seconds, IReadOnlyDictionary<string, Reading> Readings)
{
    /// <summary>An event of a hub may name several blobs, each of which is passed over for itself.</summary>
    private long Completed => Sum("flowlog.worker.messages/completed") + Math.Max(0, Sum("flowlog.events.received") - Sum("flowlog.events.passed_over"));

    private long Returned => Sum("flowlog.worker.messages/returned") + Sum("flowlog.worker.messages/lost");

    private long Rejected => Sum("flowlog.worker.messages/rejected") + Sum("flowlog.events.passed_over");

    private Reading Commits => Of("flowlog.lake.commit.rows");

    private Reading Lag => Of("flowlog.worker.lag");

    public string Line() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Time:yyyy-MM-dd'T'HH:mm:ss'Z'} {Completed} messages, {Returned} to come again, {Rejected} rejected; {Commits.Sum:0} rows in {Commits.Count} commits ({(Commits.Count == 0 ? 0 : Commits.Sum / Commits.Count):0} each), "
        + $"{Sum("flowlog.lake.lost_races")} lost races, {Sum("flowlog.lake.conflicts")} conflicts; lag {Lag.Max:0.0} s, {Of("flowlog.worker.waiting").Max:0} in the queue");

    public void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteString("time", Time);
        w.WriteNumber("seconds", Math.Round(Seconds, 1));
        w.WriteNumber("messages", Completed);
        w.WriteNumber("returned", Returned);
        w.WriteNumber("rejected", Rejected);
        w.WriteNumber("rows", (long)Commits.Sum);
        w.WriteNumber("commits", Commits.Count);
        w.WriteNumber("lostRaces", Sum("flowlog.lake.lost_races"));
        w.WriteNumber("conflicts", Sum("flowlog.lake.conflicts"));
        w.WriteNumber("worstCommitSeconds", Math.Round(Of("flowlog.lake.commit.duration").Max, 3));
        w.WriteNumber("lagSeconds", Math.Round(Lag.Max, 1));
        w.WriteNumber("queueMessages", (long)Of("flowlog.worker.waiting").Max);
        w.WriteEndObject();
    }

    private long Sum(string name) => (long)Of(name).Sum;

    private Reading Of(string name) => Readings.GetValueOrDefault(name);
}
