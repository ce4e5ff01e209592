using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Ingest;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog ingest --follow</c>: sweeps until it is stopped, which is no error.</summary>
internal static class FollowSources
{
    public static async Task<int> RunAsync(Invocation call, IngestCommand.Prepared prepared, TimeSpan every, CancellationToken stop)
    {
        var options = new FollowOptions { Every = every, Grace = CommandLineTool.Grace, OnSweep = sweep => Tell(sweep, call) };
        call.Note($"Following {string.Join(", ", prepared.Sources.Select(s => s.Name))}. Ctrl+C ends it; what was read is kept.");
        var sweeps = await new FollowLoop(prepared.Options, prepared.Sources, options).RunAsync(stop);
        call.Note($"Stopped after {sweeps} {(sweeps == 1 ? "sweep" : "sweeps")}.");
        return ExitCode.Fine;
    }

    private static void Tell(FollowSweep sweep, Invocation call)
    {
        if (sweep.Summary is { } summary)
        {
            IngestOutput.TellRefusals(summary with { Refused = [.. summary.Refused.Where(r => r.Outcome != RefusalKind.Skipped)] }, call);
            if (call.RequestedFormat is OutputFormat.Json or OutputFormat.JsonLines)
            {
                call.Host.Out.WriteLine(JsonOutput.Text(summary.Write));
                call.Host.Out.Flush();
            }
        }

        if (sweep.Problem is not null || sweep.Summary is not { Blobs: { Read: 0, Failed: 0 } } || sweep.Number == 1)
            call.Note(Line(sweep, call.Host.Clock.GetUtcNow()));
    }

    private static string Line(FollowSweep sweep, DateTimeOffset now)
    {
        var next = string.Create(CultureInfo.InvariantCulture, $"next look in {sweep.Pause.TotalSeconds:0} s");
        var what = sweep.Summary is { } s
            ? string.Create(CultureInfo.InvariantCulture, $"{s.Rows} rows from {s.Blobs.Read} of {s.Blobs.Seen} blobs, {s.BytesRead / 1e6:0.0} MB, {s.Blobs.Failed} failed{(s.Lag is { } lag ? $", lag {lag.TotalSeconds:0} s" : "")}")
            : $"failed: {sweep.Problem}";
        return string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd'T'HH:mm:ss'Z'} sweep {sweep.Number}: {what}; {next}");
    }
}
