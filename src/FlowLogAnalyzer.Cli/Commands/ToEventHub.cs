using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Triggers.Events;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog check --to-eventhub</c>: what was not told before goes out, and counts as told when the hub has confirmed it.</summary>
internal static class ToEventHub
{
    private const int EventsAtOnce = 1_000;

    /// <summary>The hub, and what goes there.</summary>
    internal sealed record Request(EventHubAddress Address, EventHubAccess Access, (DateTime? Since, DateTime? Until) Window, bool DeniedFlows);

    public static async Task SendAsync(Invocation call, FlowLake lake, CheckResult result, Request request, CancellationToken ct)
    {
        await using var sink = EventHubOptions.Open(() => EventHubs.OpenSink(request.Address, request.Access));
        await SendFindingsAsync(call, result, sink, new FindingJournal(lake, call.Host.Clock, FindingJournal.EventHubTable), ct);
        if (request.DeniedFlows)
            await SendFlowsAsync(call, request, sink, new ExportMark(lake, $"denied flows to {sink.Name}", call.Host.Clock), ct);
    }

    private static async Task SendFindingsAsync(Invocation call, CheckResult result, IEventSink sink, FindingJournal journal, CancellationToken ct)
    {
        var untold = await journal.UntoldAsync(result.Findings, ct);
        await sink.SendAsync(FindingEvents.Ocsf(untold, sink.MaxEventBytes), ct);
        await RememberAsync(call, () => journal.SaveAsync(untold, CancellationToken.None));
        call.Note($"Sent to {sink.Name}: {untold.Count} findings, of {result.Findings.Count}; the others were sent before or are suppressed.");
    }

    private static async Task SendFlowsAsync(Invocation call, Request request, IEventSink sink, ExportMark mark, CancellationToken ct)
    {
        var since = request.Window.Since ?? await mark.ReadAsync(ct);
        var until = request.Window.Until ?? call.Host.Clock.GetUtcNow().UtcDateTime - DeniedFlowEvents.Settled;
        if (since >= until)
            return;

        using var session = await LakeSession.OpenAsync(call, (since, until), ct);
        var count = 0;
        foreach (var some in DeniedFlowEvents.Read(session.Database).Chunk(EventsAtOnce))
        {
            await sink.SendAsync([.. some.Select(f => f.Event)], ct);
            count += some.Length;
        }

        await RememberAsync(call, () => mark.WriteAsync(until, CancellationToken.None));
        call.Note($"Sent to {sink.Name}: {count} denied flows until {until:yyyy-MM-dd'T'HH:mm:ss'Z'}.");
    }

    /// <summary>Sent is sent: that nobody could write it down means that it is sent again.</summary>
    private static async Task RememberAsync(Invocation call, Func<ValueTask> remember)
    {
        try
        {
            await remember();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Blobs.Remote.StorageDeniedException)
        {
            call.Note($"The lake {call.LakeName} could not be written, so the next check sends the same again: {e.Message}");
        }
    }
}
