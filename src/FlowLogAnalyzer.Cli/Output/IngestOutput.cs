using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>What an ingest did. The JSON is a contract; on a terminal, without --output, it is two lines for a person.</summary>
internal static class IngestOutput
{
    private const int SkippedShown = 10;
    private const int SamplesShown = 10;

    public static Task WriteAsync(IngestSummary summary, Invocation call, CancellationToken ct)
    {
        var format = call.RequestedFormat ?? (call.Host.OutIsTerminal ? OutputFormat.Table : OutputFormat.Json);
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
        Blobs: {s.Blobs.Seen} seen, {s.Blobs.Read} read, {s.Blobs.Unchanged} unchanged, {s.Blobs.Skipped} skipped, {s.Blobs.Failed} failed. Tuples refused: {s.RejectedTotal:n0}.
        """);

    /// <summary>Every blob that failed or is cut off, the first of those skipped, and why tuples were refused.</summary>
    public static void TellRefusals(IngestSummary summary, Invocation call)
    {
        foreach (var group in summary.Refused.GroupBy(r => r.Outcome).OrderBy(g => g.Key))
        {
            var shown = group.Key == RefusalKind.Skipped ? SkippedShown : int.MaxValue;
            foreach (var refusal in group.Take(shown))
                call.Note($"{Word(group.Key)}: {refusal.Message}");
            if (group.Count() > shown)
                call.Note($"{Word(group.Key)}: {group.Count() - shown} more; --output json lists all of them.");
        }

        foreach (var (reason, count) in summary.Rejected.OrderBy(r => r.Key, StringComparer.Ordinal))
            call.Note($"refused tuples: {count} x {reason}");
        foreach (var sample in summary.Samples.Take(SamplesShown))
            call.Note($"  {Place(sample)}: {sample.Reason}: {OneLine(sample.Text)}");
    }

    private static string Word(RefusalKind kind) => kind switch
    {
        RefusalKind.Failed => "failed",
        RefusalKind.Incomplete => "cut off",
        _ => "skipped",
    };

    private static string Place(Rejection sample) =>
        sample.Blob + (sample.RecordIndex is { } record ? $", record {record}" : "") + (sample.TupleIndex is { } tuple ? $", tuple {tuple}" : "");

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static ResultSet Counters(IngestSummary s) => ResultSet.Of(
        ["blobs_seen", "blobs_read", "blobs_unchanged", "blobs_skipped", "blobs_failed", "records", "tuples", "rows", "rejected", "bytes_read", "files", "seconds"],
        [[s.Blobs.Seen, s.Blobs.Read, s.Blobs.Unchanged, s.Blobs.Skipped, s.Blobs.Failed, s.Records, s.Tuples, s.Rows, s.RejectedTotal, s.BytesRead, s.Files, Math.Round(s.Seconds, 3)]]);
}
