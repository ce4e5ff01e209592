using System.CommandLine;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog ingest</c>: what is new in the sources goes into the lake, once.</summary>
internal static class IngestCommand
{
    private static readonly Argument<string[]> Sources = new("SOURCE")
    {
        Description = "Files or folders with flow-log blobs, or https://ACCOUNT.blob.core.windows.net/CONTAINER[/PREFIX].",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<double> MaxRejects = RejectTolerance.Create();

    private static readonly Option<bool> Strict = new("--strict") { Description = "Refuses blobs with surplus commas between records or bytes behind their end, instead of counting these." };

    private static readonly Option<bool> Follow = new("--follow") { Description = "Goes on until Ctrl+C and takes in what the platform adds." };

    private static readonly Option<double> Every = new Option<double>("--every")
    {
        Description = "With --follow: seconds from one look at the sources to the next; default: 60.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    }.AcceptOnlyFrom(1, 86_400, "a number of seconds");

    private static readonly Patience Usual = new();

    private static readonly Option<int> CallTimeout = new Option<int>("--call-timeout")
    {
        Description = "Seconds that storage may take for one call with its retries; what is not answered by then fails, and the rest goes on; default: 180.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => (int)Usual.Call.TotalSeconds,
    }.AcceptOnlyFrom(1, 86_400, "a number of seconds");

    private static readonly Option<int> BlobTimeout = new Option<int>("--blob-timeout")
    {
        Description = "Seconds that reading one blob from storage may take; default: 1800.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => (int)Usual.Blob.TotalSeconds,
    }.AcceptOnlyFrom(1, 86_400, "a number of seconds");

    private static readonly EventHubOptions Hub = new("--from-eventhub", "Reads the blobs of the sources that events of Event Grid in this event hub say have grown, until none is waiting, or with --follow until Ctrl+C.");

    public static Command Create(CliHost host)
    {
        var window = new WindowOptions();
        var verb = new Verb("ingest", "Reads flow logs into the lake. What was read before is not read again, and every tuple is in the lake once.",
            new("flowlog ingest ./insights-logs-flowlogflowevent", "Everything in a folder; again later for what is new."),
            new("flowlog ingest https://ACCOUNT.blob.core.windows.net/insights-logs-flowlogflowevent --since 1d --follow", "Straight from storage, and on as the blobs grow."),
            new("flowlog ingest https://ACCOUNT.blob.core.windows.net/insights-logs-flowlogflowevent --from-eventhub NAMESPACE/HUB --follow", "What events say has grown, within seconds."));
        verb.Arguments.Add(Sources);
        verb.Options.Add(MaxRejects);
        verb.Options.Add(Strict);
        verb.Options.Add(AllowEmpty.Option);
        verb.Options.Add(Follow);
        verb.Options.Add(Every);
        verb.Options.Add(CallTimeout);
        verb.Options.Add(BlobTimeout);
        Hub.AddTo(verb);
        verb.Options.Add(FromEventHub.Group);
        window.AddTo(verb);
        return verb.Does(host, async (call, ct) =>
        {
            var (since, until) = window.Read(call);
            var request = new Request(call.Get(Sources)!, new BlobWindow(since, until), call.Get(Strict), call.Get(MaxRejects));
            if (Hub.Address(call) is { } address)
                return await FromEventHub.RunAsync(call, new(address, call.Get(FromEventHub.Group)!, Hub.Access(call), call.Get(Follow)), await PrepareEventsAsync(call, request, ct), ct);
            if (call.Get(Follow))
                return await FollowSources.RunAsync(call, await PrepareAsync(call, request, ct), TimeSpan.FromSeconds(call.Get(Every)), ct);

            var (summary, code) = await IngestAsync(call, request, ct);
            await IngestOutput.WriteAsync(summary, call, ct);
            return code;
        });
    }

    /// <summary>What to read, and how much may be refused.</summary>
    internal sealed record Request(IReadOnlyList<string> Sources, BlobWindow Window, bool Strict, double MaxRejects);

    /// <summary>A lake and sources, opened.</summary>
    internal sealed record Prepared(IngestOptions Options, IReadOnlyList<IBlobSource> Sources);

    /// <summary>Runs the pipeline with progress on standard error and says what was refused; the code is 0, 4, or 5 when there was no flow log.</summary>
    public static async Task<(IngestSummary Summary, int Code)> IngestAsync(Invocation call, Request request, CancellationToken ct)
    {
        var (options, sources) = await PrepareAsync(call, request, ct);
        IngestSummary summary;
        using (var progress = new ProgressLine(call.Host))
            summary = await IngestPipeline.RunAsync(options, sources, progress, ct);

        IngestOutput.TellRefusals(summary, call);
        var broken = summary.Refused.Count(r => r.Outcome is not RefusalKind.Skipped);
        if (summary.FlowLogs == 0 && summary.Refused.All(r => r.Outcome is RefusalKind.Skipped || r.IsForeign))
            return (summary, AllowEmpty.Tell(call, request.Sources, summary.Blobs.Seen, Found(summary, request.Window)));
        return (summary, RejectTolerance.ExitCodeFor(summary.Tuples, summary.RejectedTotal, broken, request.MaxRejects));
    }

    private static List<string> Found(IngestSummary summary, BlobWindow window)
    {
        var found = summary.Refused.Select(r => r.Message).ToList();
        if (summary.Blobs.Unchanged > 0)
            found.Add($"{summary.Blobs.Unchanged} were looked at by an earlier run and are no flow logs.");
        if (window is not { SinceUtc: null, UntilUtc: null })
            found.Add($"Only hours from {window.SinceUtc:yyyy-MM-dd'T'HH:mm'Z'} to {window.UntilUtc:yyyy-MM-dd'T'HH:mm'Z'} were looked for (--since, --until).");
        return found;
    }

    private static async Task<Prepared> PrepareAsync(Invocation call, Request request, CancellationToken ct)
    {
        var sources = request.Sources.Select(source => Open(source, call.Access)).ToList();
        return new Prepared(await OptionsAsync(call, request, sources, ct), sources);
    }

    private static async Task<(IngestOptions Options, SourceRoots Roots)> PrepareEventsAsync(Invocation call, Request request, CancellationToken ct)
    {
        var roots = FromEventHub.Roots(request.Sources, call.Access);
        return (await OptionsAsync(call, request, roots.All, ct), roots);
    }

    private static async Task<IngestOptions> OptionsAsync(Invocation call, Request request, IReadOnlyList<IBlobSource> sources, CancellationToken ct)
    {
        var options = new IngestOptions(await call.OpenOrMakeLakeAsync(ct)) { Time = call.Host.Clock, Window = request.Window, Strict = request.Strict, Patience = PatienceOf(call) };
        return sources.Any(s => s is AzureBlobSource) ? options.ForRemoteSources() : options;
    }

    private static Patience PatienceOf(Invocation call) => new()
    {
        Call = Seconds(call, CallTimeout, Usual.Call),
        Blob = Seconds(call, BlobTimeout, Usual.Blob),
        OnWait = call.Note,
    };

    /// <summary>Other verbs that ingest do not have the option, and take what is usual.</summary>
    private static TimeSpan Seconds(Invocation call, Option<int> option, TimeSpan usual) => call.Get(option) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : usual;

    private static IBlobSource Open(string source, StorageAccess access)
    {
        if (source.Contains("://", StringComparison.Ordinal))
            return OpenRemote(source, access);

        return Path.Exists(source)
            ? new LocalBlobSource(source)
            : throw new CliException($"There is no file or folder {source}. Give flow-log blobs (PT1H.json), a folder with them, or the address of a container.");
    }

    private static AzureBlobSource OpenRemote(string source, StorageAccess access)
    {
        try
        {
            return new AzureBlobSource(StorageLocation.Parse(source), access);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new CliException(e.Message, e);
        }
    }
}
