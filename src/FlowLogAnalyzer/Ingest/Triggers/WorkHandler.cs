using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Upkeep;

namespace FlowLogAnalyzer.Ingest.Triggers;

/// <summary>What became of a message.</summary>
/// <param name="Outcome">Of its worst part.</param>
/// <param name="Lines">What there is to say: whole sentences, or one line per blob.</param>
public sealed record HandledMessage(WorkOutcome Outcome, IReadOnlyList<string> Lines);

/// <summary>What is done with a message of the queue, the same in a Functions app and in <c>flowlog worker</c>.</summary>
public sealed class WorkHandler(IngestWorker worker, FlowLake lake, TimeProvider time) : IDisposable
{
    /// <summary>A compaction needs as much memory as an ingest: one at a time.</summary>
    private readonly SemaphoreSlim _compacting = new(1, 1);

    /// <summary>Ends when everything that the message asks for is committed, or will not be.</summary>
    public async Task<HandledMessage> HandleAsync(IReadOnlyList<MessagePayload> payloads, CancellationToken ct)
    {
        var message = BlobEvents.Read(payloads);
        if (message.Problem is { } problem)
            return new HandledMessage(WorkOutcome.Refused, [problem]);

        var results = await worker.IngestAsync(message.Items, ct);
        var lines = new List<string>(message.Ignored);
        lines.AddRange(results.Select(r => r.ToString()));
        foreach (var date in message.Compactions)
            lines.Add(await CompactAsync(date, ct));
        return new HandledMessage(Worst(results), lines);
    }

    public void Dispose() => _compacting.Dispose();

    private static WorkOutcome Worst(IReadOnlyList<WorkResult> results)
    {
        // What may still be done comes first: a message is given up when nothing of it can be.
        WorkOutcome[] worstFirst = [WorkOutcome.Failed, WorkOutcome.Denied, WorkOutcome.Broken, WorkOutcome.Refused, WorkOutcome.Done, WorkOutcome.Known];
        return worstFirst.FirstOrDefault(o => results.Any(r => r.Outcome == o), WorkOutcome.Done);
    }

    private async Task<string> CompactAsync(DateOnly date, CancellationToken ct)
    {
        await _compacting.WaitAsync(ct);
        try
        {
            var result = await new LakeCompactor(lake, time).RunAsync(new CompactOptions { Only = date }, ct);
            return $"Merged {result.FilesBefore} files of {date:yyyy-MM-dd} into {result.FilesAfter} ({result.Rows} rows, {result.Conflicts} conflicts).";
        }
        finally
        {
            _compacting.Release();
        }
    }
}
