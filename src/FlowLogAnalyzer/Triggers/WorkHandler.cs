using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;

namespace FlowLogAnalyzer.Triggers;

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
    /// <param name="payloads">What the message held.</param>
    /// <param name="mayDecline">A compaction does not wait for another one that is under way in this process, since another process may have time for it.</param>
    /// <param name="ct">Stops it; what is committed stays.</param>
    public async Task<HandledMessage> HandleAsync(IReadOnlyList<MessagePayload> payloads, bool mayDecline, CancellationToken ct)
    {
        var message = BlobEvents.Read(payloads);
        if (message.Problem is { } problem)
            return new HandledMessage(WorkOutcome.Refused, [problem]);

        var results = await worker.IngestAsync(message.Items, ct);
        var outcomes = results.Select(r => r.Outcome).ToList();
        var lines = new List<string>(message.Ignored);
        lines.AddRange(results.Select(r => r.ToString()));
        foreach (var job in message.Compactions)
        {
            var isTurn = await _compacting.WaitAsync(mayDecline ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, ct);
            outcomes.Add(isTurn ? WorkOutcome.Done : WorkOutcome.Declined);
            lines.Add(isTurn ? await CompactAsync(job, ct) : $"{WorkOutcome.Declined}: the compaction of {job}, because another one is under way in this process.");
        }

        return new HandledMessage(Worst(outcomes), lines);
    }

    public void Dispose() => _compacting.Dispose();

    private static WorkOutcome Worst(List<WorkOutcome> outcomes)
    {
        // What may still be done comes first: a message is given up when nothing of it can be.
        WorkOutcome[] worstFirst = [WorkOutcome.Failed, WorkOutcome.Denied, WorkOutcome.Declined, WorkOutcome.Broken, WorkOutcome.Refused, WorkOutcome.Done, WorkOutcome.Known];
        return worstFirst.FirstOrDefault(outcomes.Contains, WorkOutcome.Done);
    }

    /// <summary>When it is the turn of this compaction.</summary>
    private async Task<string> CompactAsync(CompactionJob job, CancellationToken ct)
    {
        try
        {
            var result = await new LakeCompactor(lake, time).RunAsync(new CompactOptions { Job = job }, ct);
            return result is { FilesBefore: 0, Conflicts: 0 }
                ? $"Nothing is left to merge of {job}."
                : $"Merged {result.FilesBefore} files of {job} into {result.FilesAfter} ({result.Rows} rows, {result.Conflicts} conflicts).";
        }
        finally
        {
            _compacting.Release();
        }
    }
}
