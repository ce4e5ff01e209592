using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Tests.Ingest.Triggers;

/// <summary>What a process does with messages that ask for compactions.</summary>
public sealed class WorkHandlerTests : IDisposable
{
    private const string Message = """{"compact":"2026-11-22","from":"09:00:00","to":"11:00:00"}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_message_that_comes_twice_finds_nothing_left_and_says_so()
    {
        await FillAsync();
        var lake = await FlowLake.OpenAsync(_folder.Path);
        await using var ingest = Ingest(lake);
        using var handler = new WorkHandler(ingest, lake, TimeProvider.System);

        var first = await HandleAsync(handler, mayDecline: true);
        var second = await HandleAsync(handler, mayDecline: true);

        Assert.Equal("Merged 4 files of 2026-11-22 from 09:00:00 to 11:00:00 into 1 (400 rows, 0 conflicts).", Assert.Single(first.Lines));
        Assert.Equal("Nothing is left to merge of 2026-11-22 from 09:00:00 to 11:00:00.", Assert.Single(second.Lines));
        Assert.Equal((WorkOutcome.Done, WorkOutcome.Done), (first.Outcome, second.Outcome));
    }

    [Fact]
    public async Task A_process_merges_one_job_at_a_time_and_declines_others_that_somebody_else_may_take()
    {
        await FillAsync();
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var lake = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { WrapStore = store => new BeforeCommit(store, HoldAsync) });
        await using var ingest = Ingest(lake);
        using var handler = new WorkHandler(ingest, lake, TimeProvider.System);

        var first = HandleAsync(handler, mayDecline: true);
        await reached.Task;
        var declined = await HandleAsync(handler, mayDecline: true);
        var waiting = HandleAsync(handler, mayDecline: false);
        var wasWaiting = !waiting.IsCompleted;
        release.SetResult();

        Assert.Equal(WorkOutcome.Declined, declined.Outcome);
        Assert.Contains("another one is under way", Assert.Single(declined.Lines), StringComparison.Ordinal);
        Assert.True(wasWaiting);
        Assert.StartsWith("Merged 4", Assert.Single((await first).Lines), StringComparison.Ordinal);
        Assert.StartsWith("Nothing is left", Assert.Single((await waiting).Lines), StringComparison.Ordinal);

        async Task HoldAsync()
        {
            reached.SetResult();
            await release.Task;
        }
    }

    private static Task<HandledMessage> HandleAsync(WorkHandler handler, bool mayDecline) => handler.HandleAsync(MessagePayload.Unwrap(Message), mayDecline, default);

    private static IngestWorker Ingest(FlowLake lake) => new(new IngestWorkerOptions(new IngestOptions(lake), new SourceRoots([], new StorageAccess())));

    private async Task FillAsync()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 4; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}"), 100, seed: i));
    }
}
