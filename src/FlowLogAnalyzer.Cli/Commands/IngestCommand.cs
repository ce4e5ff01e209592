using System.CommandLine;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog ingest</c>: what is new in the sources goes into the lake, once.</summary>
internal static class IngestCommand
{
    private static readonly Argument<string[]> Sources = new("SOURCE") { Description = "Flow-log blobs, or folders with them.", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<double> MaxRejects = RejectTolerance.Create();

    private static readonly Option<bool> Strict = new("--strict") { Description = "Refuses blobs with surplus commas between records or bytes behind their end, instead of counting these." };

    public static Command Create(CliHost host)
    {
        var window = new WindowOptions();
        var verb = new Verb("ingest", "Reads flow logs into the lake. What was read before is not read again, and every tuple is in the lake once.",
            new("flowlog ingest ./insights-logs-flowlogflowevent", "Everything in a folder; again later for what is new."),
            new("flowlog ingest ./logs --since 7d --lake /data/lake", "Only blobs of the last seven days."),
            new("flowlog ingest PT1H.json --output json", "One blob; the summary as JSON, as it also is when the output is redirected."));
        verb.Arguments.Add(Sources);
        verb.Options.Add(MaxRejects);
        verb.Options.Add(Strict);
        window.AddTo(verb);
        return verb.Does(host, async (call, ct) =>
        {
            var (since, until) = window.Read(call);
            var request = new Request(call.Get(Sources)!, new BlobWindow(since, until), call.Get(Strict), call.Get(MaxRejects));
            var (summary, code) = await IngestAsync(call, call.Lake, request, ct);
            await IngestOutput.WriteAsync(summary, call, ct);
            return code;
        });
    }

    /// <summary>What to read, and how much may be refused.</summary>
    internal sealed record Request(IReadOnlyList<string> Sources, BlobWindow Window, bool Strict, double MaxRejects);

    /// <summary>Runs the pipeline with progress on standard error and says what was refused; the code is 0 or 4.</summary>
    public static async Task<(IngestSummary Summary, int Code)> IngestAsync(Invocation call, string location, Request request, CancellationToken ct)
    {
        var sources = request.Sources.Select(Open).ToList();
        var lake = await FlowLake.OpenAsync(location, new LakeOptions { Time = call.Host.Clock, OnWarning = call.Note }, ct);
        var options = new IngestOptions(lake) { Time = call.Host.Clock, Window = request.Window, Strict = request.Strict };
        IngestSummary summary;
        using (var progress = new ProgressLine(call.Host))
            summary = await IngestPipeline.RunAsync(options, sources, progress, ct);

        IngestOutput.TellRefusals(summary, call);
        var broken = summary.Refused.Count(r => r.Outcome is not RefusalKind.Skipped);
        return (summary, RejectTolerance.ExitCodeFor(summary.Tuples, summary.RejectedTotal, broken, request.MaxRejects));
    }

    private static IBlobSource Open(string source)
    {
        if (source.Contains("://", StringComparison.Ordinal))
            throw new CliException($"{source}: this version reads files and folders. Download the blobs with `az storage blob download-batch` and give the folder.");

        return Path.Exists(source)
            ? new LocalBlobSource(source)
            : throw new CliException($"There is no file or folder {source}. Give flow-log blobs (PT1H.json) or a folder with them.");
    }
}
