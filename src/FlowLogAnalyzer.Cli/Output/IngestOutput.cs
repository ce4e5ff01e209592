using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Ingest;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>What an ingest did. The JSON is a contract; the table is two lines for a person.</summary>
internal static class IngestOutput
{
    private const int Shown = 10;

    public static Task WriteAsync(IngestSummary summary, Invocation call, CancellationToken ct)
    {
        var format = call.Format;
        return format switch
        {
            OutputFormat.Json => call.Host.Out.WriteLineAsync(JsonOutput.Text(summary.Write, indented: true)),
            OutputFormat.JsonLines => call.Host.Out.WriteLineAsync(JsonOutput.Text(summary.Write)),
            OutputFormat.Table => call.Host.Out.WriteLineAsync(Sentences(summary)),
            _ => ResultWriter.WriteAsync(Counters(summary), format, call.Host, ct),
        };
    }

    public static string Sentences(IngestSummary s) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {s.Rows:n0} rows of {s.Tuples:n0} tuples are in the lake now, from {s.Blobs.Read} {(s.Blobs.Read == 1 ? "blob" : "blobs")} read in {s.Seconds:0.0} s ({s.BytesRead / 1e6:0.0} MB).
        Blobs: {s.Blobs.Seen} seen, {s.Blobs.Read} read, {s.Blobs.Unchanged} unchanged, {s.Blobs.Skipped} skipped, {s.Blobs.Failed} failed. Tuples refused: {s.RejectedTotal:n0}.{(s.RowsReplaced > 0 ? string.Create(CultureInfo.InvariantCulture, $" Rows of earlier runs taken out, because their blobs were rewritten: {s.RowsReplaced:n0}.") : "")}
        """);

    /// <summary>The first blobs that failed, are cut off or were skipped, how many more there are, and why tuples and records were refused.</summary>
    public static void TellRefusals(IngestSummary summary, Invocation call)
    {
        foreach (var group in summary.Refused.GroupBy(r => r.Outcome).OrderBy(g => g.Key))
        {
            foreach (var refusal in group.Take(Shown))
                call.Note($"{Word(group.Key)}: {refusal.Message}");
            if (group.Count() > Shown)
                call.Note($"{Word(group.Key)}: and {group.Count() - Shown} more; --output json lists all of them.");
        }

        TellReplaced([.. summary.Replaced.Where(r => r.RowsAfter < r.RowsBefore)], call);
        RefusedText.Tell(summary.Tuples, summary.Rejected, summary.RejectedRecords, summary.Samples, call.Note);
    }

    /// <summary>Blobs that were rewritten with less in them: what is gone there is gone from the lake.</summary>
    private static void TellReplaced(IReadOnlyList<Replacement> replaced, Invocation call)
    {
        foreach (var r in replaced.Take(Shown))
            call.Note(string.Create(CultureInfo.InvariantCulture, $"rewritten: '{r.Blob}' was rewritten at its source: {r.RowsBefore:n0} rows of it were taken out of the lake, and {r.RowsAfter:n0} came in."));
        if (replaced.Count > Shown)
            call.Note($"rewritten: and {replaced.Count - Shown} more; --output json lists all of them.");
    }

    private static string Word(RefusalKind kind) => kind switch
    {
        RefusalKind.Failed => "failed",
        RefusalKind.Incomplete => "cut off",
        _ => "skipped",
    };

    private static ResultSet Counters(IngestSummary s) => ResultSet.Of(
        ["blobs_seen", "blobs_read", "blobs_unchanged", "blobs_skipped", "blobs_failed", "records", "tuples", "rows", "rejected", "bytes_read", "files", "seconds"],
        [[s.Blobs.Seen, s.Blobs.Read, s.Blobs.Unchanged, s.Blobs.Skipped, s.Blobs.Failed, s.Records, s.Tuples, s.Rows, s.RejectedTotal, s.BytesRead, s.Files, Math.Round(s.Seconds, 3)]]);
}
