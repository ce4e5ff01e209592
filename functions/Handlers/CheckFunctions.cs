using System.Text;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Functions.Protocol;
using FlowLogAnalyzer.Triggers.Events;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>
/// Findings out of the app. They are marked as told when the host has the answer: killed before, they are told by the next
/// check; told twice is possible, not told is not.
/// </summary>
internal static class CheckFunctions
{
    /// <summary>A queue takes 64 KiB per message, of which base64 leaves three quarters (Azure docs, storage-queues-introduction).</summary>
    private const int QueueMessageBytes = 48 * 1024;

    /// <summary>What every tier takes per event (Azure docs, event-hubs-quotas).</summary>
    private const int EventBytes = 250_000;

    /// <summary>An answer is held in memory on both sides; the rest goes out with the next one.</summary>
    private const int AnswerBytes = 900_000;

    /// <summary>To the queue, as <c>flowlog check --output json</c> writes them.</summary>
    public static async Task<InvocationAnswer> ToQueueAsync(Services services, Invocation invocation, CancellationToken ct)
    {
        var result = await LakeCheck.RunAsync(services, ct);
        var journal = new FindingJournal(services.Lake, services.Time);
        var untold = await journal.UntoldAsync(result.Findings, ct);
        var (now, messages) = Fitting(untold, f => FindingEvents.Write(f, QueueMessageBytes, FindingJson.Write));
        return Answer(services, result, new InvocationAnswer
        {
            Outputs = Output("findings", messages),
            Logs = [Line(result, untold.Count, now.Count)],
            Afterwards = token => journal.SaveAsync(now, token).AsTask(),
        });
    }

    /// <summary>To an event hub, as OCSF; with FLOWLOG_DENIED_FLOWS the refused flows behind them.</summary>
    public static async Task<InvocationAnswer> ToEventHubAsync(Services services, Invocation invocation, CancellationToken ct)
    {
        var result = await LakeCheck.RunAsync(services, ct);
        var journal = new FindingJournal(services.Lake, services.Time, FindingJournal.EventHubTable);
        var untold = await journal.UntoldAsync(result.Findings, ct);
        var (now, events) = Fitting(untold, f => FindingEvents.Ocsf([f], EventBytes)[0].Body);
        var flows = services.Settings.DeniedFlows ? await DeniedFlowPage.ReadAsync(services, AnswerBytes - events.Sum(e => e.Length), ct) : null;
        return Answer(services, result, new InvocationAnswer
        {
            Outputs = Output("events", [.. events, .. flows?.Events ?? []]),
            Logs = [Line(result, untold.Count, now.Count), .. flows is null ? Array.Empty<string>() : [$"{flows.Events.Count} denied flows until {flows.Until:O}."]],
            Afterwards = async token =>
            {
                await journal.SaveAsync(now, token);
                if (flows is not null)
                    await flows.SaveAsync(token);
            },
        });
    }

    /// <summary>
    /// A check that looked at nothing fails, so that whoever watches the app learns of it, unless there is something to tell:
    /// the host drops the outputs of an invocation that fails.
    /// </summary>
    private static InvocationAnswer Answer(Services services, CheckResult result, InvocationAnswer answer) =>
        result.NothingLookedAt is not { } nothing ? answer
        : answer.Outputs.Count > 0 || services.Settings.AllowEmpty ? answer with { Logs = [nothing, .. answer.Logs] }
        : InvocationAnswer.Failed(StatusCodes.Status500InternalServerError, nothing);

    /// <summary>As many of the findings, the worst first, as one answer holds.</summary>
    private static (List<Finding> Now, List<string> Messages) Fitting(IReadOnlyList<Finding> findings, Func<Finding, ReadOnlyMemory<byte>> write)
    {
        var (now, messages, bytes) = (new List<Finding>(), new List<string>(), 0);
        foreach (var finding in findings)
        {
            var message = write(finding);
            bytes += message.Length;
            if (bytes > AnswerBytes)
                break;
            now.Add(finding);
            messages.Add(Encoding.UTF8.GetString(message.Span));
        }

        return (now, messages);
    }

    private static Dictionary<string, IReadOnlyList<string>> Output(string binding, List<string> messages) =>
        messages.Count == 0 ? [] : new(StringComparer.Ordinal) { [binding] = messages };

    private static string Line(CheckResult result, int untold, int now) =>
        $"{result.Findings.Count} findings, {untold} of them not told before{(now < untold ? $", {now} of which fit into this answer" : "")}, {result.Skipped.Count} not looked for.";
}
