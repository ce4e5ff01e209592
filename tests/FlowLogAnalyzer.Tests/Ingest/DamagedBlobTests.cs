using System.Text;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Tests.Ingest;

/// <summary>A blob that is broken from some byte on: what is whole before that is kept, and no other blob suffers for it.</summary>
public sealed class DamagedBlobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Logs => _folder["logs"];

    private string Lake => _folder["lake"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_whole_records_before_the_fault_stay_and_the_rest_of_the_run_goes_on()
    {
        Damaged(1, LogBlobs.Records(1, 10), at: 8);
        LogBlobs.Write(Logs, 2, LogBlobs.Whole(LogBlobs.Records(2, 10)));

        var summary = await Ingests.RunAsync(Lake, Logs);

        Assert.Equal(new BlobCounts(2, 1, 0, 0, 1), summary.Blobs);
        Assert.Equal((360, 360), (summary.Rows, (await Ingests.RowsAsync(Lake)).Length));
        var refusal = Assert.Single(summary.Refused);
        Assert.Equal((RefusalKind.Failed, true), (refusal.Outcome, refusal.OfContent));
        Assert.Contains("is damaged: it cannot be read from byte", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("The 8 whole records before that are good", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_a_failure_in_every_run_until_it_is_written_anew_and_then_nothing_is_missing_or_double()
    {
        Damaged(1, LogBlobs.Records(1, 10), at: 8);
        await Ingests.RunAsync(Lake, Logs);

        var again = await Ingests.RunAsync(Lake, Logs);
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 12)), version: 2);
        var mended = await Ingests.RunAsync(Lake, Logs);

        Assert.Equal((1, 0, 0), (again.Blobs.Failed, again.Rows, again.BytesRead));
        Assert.Equal((0, 80), (mended.Blobs.Failed, mended.Rows));
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task Wherever_the_damage_is_every_other_blob_is_read()
    {
        var records = LogBlobs.Records(1, 3, tuples: 4);
        var whole = LogBlobs.Whole(records);
        for (var nic = 0; nic < 60; nic++)
        {
            var bytes = Encoding.UTF8.GetBytes(whole);
            bytes[nic * bytes.Length / 60] = (byte)(nic % 2 == 0 ? '\u0001' : '!');
            LogBlobs.WriteFile(Path.Combine(Logs, LogBlobs.Path(nic)), bytes);
        }

        LogBlobs.Write(Logs, 200, LogBlobs.Whole(LogBlobs.Records(200, 10)));

        var summary = await Ingests.RunAsync(Lake, Logs);

        var rows = await Ingests.RowsAsync(Lake);
        Assert.Equal(61, summary.Blobs.Seen);
        Assert.InRange(summary.Blobs.Failed, 25, 60);
        Assert.Equal(summary.Rows, rows.Length);
        Assert.Equal(200, rows.Count(r => r.Contains("0022480000C8", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_blob_that_flowlog_itself_stumbles_over_fails_alone()
    {
        for (var nic = 1; nic <= 3; nic++)
            LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 5)));
        var options = new IngestOptions(await FlowLake.OpenAsync(Lake)) { CommitInterval = TimeSpan.FromMilliseconds(20) };

        var summary = await IngestPipeline.RunAsync(options, [new Stumbling(new LocalBlobSource(Logs), "002248000002")]);

        Assert.Equal(new BlobCounts(3, 2, 0, 0, 1), summary.Blobs);
        Assert.Contains("This is a bug", Assert.Single(summary.Refused).Message, StringComparison.Ordinal);
        Assert.Equal(200, (await Ingests.RowsAsync(Lake)).Length);
    }

    [Fact]
    public async Task Of_items_that_share_a_run_the_good_ones_are_done_and_the_damaged_one_is_broken()
    {
        Damaged(1, LogBlobs.Records(1, 10), at: 8);
        LogBlobs.Write(Logs, 2, LogBlobs.Whole(LogBlobs.Records(2, 10)));
        WorkItem[] items = [new(Path.Combine(Logs, LogBlobs.Path(1))), new(Path.Combine(Logs, LogBlobs.Path(2)))];
        var options = new IngestOptions(await FlowLake.OpenAsync(Lake)) { CommitInterval = TimeSpan.FromMilliseconds(20) };
        await using var worker = new IngestWorker(new IngestWorkerOptions(options, new SourceRoots([Logs], new StorageAccess())));

        var results = await worker.IngestAsync(items, TestContext.Current.CancellationToken);

        Assert.Equal([WorkOutcome.Broken, WorkOutcome.Done], results.Select(r => r.Outcome));
        Assert.Equal(360, (await Ingests.RowsAsync(Lake)).Length);
    }

    [Fact]
    public async Task Following_goes_on_at_its_usual_pace_beside_a_damaged_blob()
    {
        Damaged(1, LogBlobs.Records(1, 10), at: 8);
        var sweeps = new List<FollowSweep>();
        using var stop = new CancellationTokenSource();
        var options = new FollowOptions { Every = TimeSpan.FromMilliseconds(1), FullEvery = TimeSpan.Zero, OnSweep = sweep => { sweeps.Add(sweep); if (sweeps.Count == 3) stop.Cancel(); } };
        var ingest = new IngestOptions(await FlowLake.OpenAsync(Lake)) { CommitInterval = TimeSpan.FromMilliseconds(20) };

        await new FollowLoop(ingest, [new LocalBlobSource(Logs)], options).RunAsync(stop.Token);

        Assert.All(sweeps, sweep => Assert.Equal((null, 1L, true), (sweep.Problem, sweep.Summary!.Blobs.Failed, sweep.Pause <= options.Every)));
    }

    [Fact]
    public async Task Rows_that_cannot_be_written_are_the_failure_of_their_blob_alone()
    {
        var state = new RunState(new IngestOptions(await FlowLake.OpenAsync(Lake)));
        var good = Read("a");
        var bad = Read("b");
        bad.Batches[0].Group[7] = 1_000_000; // no such group

        var encoded = await new EncodeStage(state).EncodeAsync([good, bad], TestContext.Current.CancellationToken);

        Assert.Equal(good, Assert.Single(encoded.Blobs));
        Assert.Equal(100, encoded.Files.Sum(f => FlowLogAnalyzer.Lake.Parquet.FileFacts.Of(f).Rows));
        Assert.Equal(1, state.Progress().BlobsDone);
    }

    private static ReadBlob Read(string name)
    {
        var identity = Batches.Blob(name);
        var plan = new BlobPlan(new LocalBlobSource("."), new SourceBlob(identity, name, 1, "e", default), null, ReadMode.Whole, true) { Domain = BlobPosition.Domain(identity.Key) };
        return new ReadBlob(plan, new BlobPosition()) { Batches = [Batches.Make(identity, 100)], BufferedRows = 100 };
    }

    private void Damaged(int nic, IReadOnlyList<string> records, int at) =>
        LogBlobs.Write(Logs, nic, LogBlobs.Whole(records.Select((r, i) => i == at ? r.Replace("\"category\"", "!category", StringComparison.Ordinal) : r)));

    /// <summary>Reading one NIC's blob ends in an exception that nobody foresaw.</summary>
    private sealed class Stumbling(IBlobSource inner, string mac) : IBlobSource
    {
        public string Name => inner.Name;

        public IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, CancellationToken ct) => inner.ListAsync(window, ct);

        public ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct) => inner.RefreshAsync(blob, ct);

        public ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct) =>
            blob.Identity.Mac == mac ? throw new InvalidOperationException("Nobody foresaw this.") : inner.OpenAsync(blob, offset, ct);
    }
}
