using System.Text.Json;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Functions.Protocol;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>Events in, rows in the lake out.</summary>
internal static class IngestFunctions
{
    /// <summary>Characters of an event that a queue message surely holds, escaped and encoded.</summary>
    private const int MostSetAside = 4_000;

    /// <summary>A message that cannot be taken fails, so that the queue counts it and moves it to its poison queue, where people see it.</summary>
    public static async Task<InvocationAnswer> FromQueueAsync(Services services, Invocation invocation, CancellationToken ct)
    {
        var handled = await services.Handler.HandleAsync(invocation.Payloads, mayDecline: false, ct);
        return handled.Outcome switch
        {
            WorkOutcome.Refused => InvocationAnswer.Failed(StatusCodes.Status422UnprocessableEntity, string.Join(' ', handled.Lines)),
            WorkOutcome.Done or WorkOutcome.Known => InvocationAnswer.Fine([.. handled.Lines]),
            _ => InvocationAnswer.Failed(StatusCodes.Status500InternalServerError, string.Join(' ', handled.Lines)),
        };
    }

    /// <summary>
    /// An event hub moves on even when the function fails: what was not done goes to the queue, which tries again and moves
    /// to its poison queue what cannot be done, or not even be understood.
    /// </summary>
    public static async Task<InvocationAnswer> FromEventHubAsync(Services services, Invocation invocation, CancellationToken ct)
    {
        if (invocation.Payloads.Count == 0)
            return InvocationAnswer.Fine("Set aside: The invocation has no message.");

        var read = invocation.Payloads.Select(p => (Payload: p, Message: BlobEvents.Read(p))).ToLookup(r => r.Message.Problem is null);
        var messages = read[true].Select(r => r.Message).ToList();
        var results = await InTimeAsync(services, [.. messages.SelectMany(m => m.Items)], ct);
        string[] again =
        [
            .. results.Where(r => r.Outcome is WorkOutcome.Failed or WorkOutcome.Broken or WorkOutcome.Denied).Select(r => Message(("url", r.Item.Url))),
            .. messages.SelectMany(m => m.Compactions).Select(CompactionMessage.Write),
            .. read[false].Select(r => Message(("problem", r.Message.Problem!), ("unreadable", Short(r.Payload)))),
        ];
        return new InvocationAnswer
        {
            Outputs = again.Length == 0 ? new Dictionary<string, IReadOnlyList<string>>() : new Dictionary<string, IReadOnlyList<string>> { ["again"] = again },
            Logs = [.. read[false].Select(r => $"Set aside: {r.Message.Problem}"), .. messages.SelectMany(m => m.Ignored), .. results.Select(r => r.ToString())],
        };
    }

    /// <summary>At the deadline what is under way goes to the queue as well, which is harmless: the lake knows what it has.</summary>
    private static async Task<IReadOnlyList<WorkResult>> InTimeAsync(Services services, IReadOnlyList<WorkItem> items, CancellationToken ct)
    {
        try
        {
            return await services.Worker.IngestAsync(items, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return [.. items.Select(i => new WorkResult(i, WorkOutcome.Failed, $"Not done after {services.Settings.Deadline}."))];
        }
    }

    /// <summary>Looks at the sources itself: for events that were lost, and for those who have none.</summary>
    public static async Task<InvocationAnswer> SweepAsync(Services services, Invocation invocation, CancellationToken ct)
    {
        var hours = services.Settings.SweepHours;
        var window = hours > 0 ? new BlobWindow(services.Time.GetUtcNow().UtcDateTime.AddHours(-hours)) : new BlobWindow();
        var summary = await IngestPipeline.RunAsync(services.Ingest with { Window = window }, services.Sources.All, null, ct);
        var failed = summary.Refused.Where(r => r.Outcome == RefusalKind.Failed).OrderBy(r => r.OfContent).ToList();
        var line = $"Swept {summary.Blobs.Seen} blobs: {summary.Blobs.Read} read, {summary.Blobs.Unchanged} unchanged, {summary.Blobs.Skipped} skipped, {summary.Blobs.Failed} failed; {summary.Rows} rows.";
        return failed is [{ OfContent: false }, ..] && summary.Blobs.Read == 0
            ? InvocationAnswer.Failed(StatusCodes.Status500InternalServerError, $"{line} {failed[0].Message}")
            : InvocationAnswer.Fine([line, .. failed.Take(20).Select(r => r.Message)]);
    }

    private static string Message(params (string Name, string Value)[] fields) => JsonSerializer.Serialize(fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal));

    private static string Short(MessagePayload payload)
    {
        var text = payload.Json?.GetRawText() ?? payload.Text!;
        return text.Length <= MostSetAside ? text : text[..MostSetAside] + "…";
    }
}
