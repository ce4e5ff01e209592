using System.CommandLine;
using System.Globalization;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Triggers;
using FlowLogAnalyzer.Triggers.Events;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog ingest --from-eventhub</c> and <c>flowlog worker --eventhub</c>: which blobs have grown is learnt from events.</summary>
internal static class FromEventHub
{
    /// <summary>The hub, the group, and whether to go on when nothing is left.</summary>
    internal sealed record Request(EventHubAddress Address, string Group, EventHubAccess Access, bool Follow);

    public static readonly Option<string> Group = new("--consumer-group")
    {
        Description = $"Readers of an event hub in one group share its events; default: {EventHubs.DefaultGroup}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => EventHubs.DefaultGroup,
    };

    public static async Task<int> RunAsync(Invocation call, Request request, (IngestOptions Options, SourceRoots Roots) ingest, CancellationToken stop)
    {
        await using var worker = new IngestWorker(new IngestWorkerOptions(ingest.Options, ingest.Roots) { OnRun = summary => Tell(summary, call) });
        await using var source = EventHubOptions.Open(() => EventHubs.OpenSource(request.Address, request.Group, request.Access));
        call.Note($"Reading {source.Name} as {request.Group}, for blobs in {string.Join(", ", ingest.Roots.All.Select(s => s.Name))}.{(request.Follow ? " Ctrl+C ends it; what was read is kept." : "")}");
        var options = new BlobEventOptions { Time = call.Host.Clock, Follow = request.Follow, Grace = CommandLineTool.Grace, OnNote = call.Note };
        var totals = await new BlobEventLoop(source, worker, options).RunAsync(stop);
        call.Note($"{(stop.IsCancellationRequested ? "Stopped" : "Nothing is waiting any more")}: {totals.Received} events, {totals.PassedOver} of them passed over.");
        return totals.PassedOver > 0 && !request.Follow ? ExitCode.Rejects : ExitCode.Fine;
    }

    /// <exception cref="CliException">A source is no address and no folder.</exception>
    public static SourceRoots Roots(IReadOnlyList<string> sources, StorageAccess access)
    {
        if (sources.FirstOrDefault(s => !s.Contains("://", StringComparison.Ordinal) && !Directory.Exists(s)) is { } missing)
            throw new CliException($"There is no folder {missing}. With an event hub the sources say which blobs may be read: give containers, or folders.");

        try
        {
            return new SourceRoots(sources, access);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new CliException(e.Message, e);
        }
    }

    private static void Tell(IngestSummary summary, Invocation call)
    {
        // What failed is told by the loop, with what becomes of it.
        IngestOutput.TellRefusals(summary with { Refused = [.. summary.Refused.Where(r => r.Outcome == RefusalKind.Incomplete)] }, call);
        if (call.RequestedFormat is OutputFormat.Json or OutputFormat.JsonLines)
        {
            call.Host.Out.WriteLine(JsonOutput.Text(summary.Write));
            call.Host.Out.Flush();
        }

        var lag = summary.Lag is { } l ? $", lag {l.TotalSeconds:0} s" : "";
        call.Note(string.Create(CultureInfo.InvariantCulture, $"{call.Host.Clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} {summary.Rows} rows from {summary.Blobs.Read} of {summary.Blobs.Seen} blobs, {summary.BytesRead / 1e6:0.0} MB{lag}"));
    }
}
