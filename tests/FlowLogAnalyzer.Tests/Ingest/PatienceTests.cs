using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Parsing;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest;

/// <summary>Storage that hangs, or gives a byte at a time: what is late fails, what answers is read, and the run ends.</summary>
public sealed class PatienceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notes = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("open", "was not answered within 0.2 s (--call-timeout)")]
    [InlineData("read", "was not answered within 0.2 s (--call-timeout)")]
    [InlineData("drip", "took longer than 1 s (--blob-timeout)")]
    public async Task A_blob_that_is_too_late_fails_and_the_others_are_read(string fault, string message)
    {
        var summary = await RunAsync(new Slow(_folder["logs"], fault, "002248000002"), blobs: 3);

        Assert.Equal(new BlobCounts(3, 2, 0, 0, 1), summary.Blobs);
        Assert.Contains(message, Assert.Single(summary.Refused).Message, StringComparison.Ordinal);
        Assert.Equal(200, (await Ingests.RowsAsync(_folder["lake"])).Length);
        if (fault != "drip")
            Assert.Contains(_notes, n => n.StartsWith("Waiting: Reading '", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_listing_that_hangs_is_a_failure_and_what_was_listed_before_is_read()
    {
        var summary = await RunAsync(new Slow(_folder["logs"], "list", "002248000003"), blobs: 5);

        Assert.Equal(new BlobCounts(3, 2, 0, 0, 1), summary.Blobs);
        Assert.Contains("What it would have listed was not looked at", Assert.Single(summary.Refused).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_never_answers_is_given_up()
    {
        var slow = new Slow(_folder["logs"], "open", "0022480000");

        var summary = await RunAsync(slow, blobs: 40);

        Assert.Equal(40, summary.Blobs.Failed);
        Assert.InRange(slow.Asked, 4, 12);
        Assert.Contains(summary.Refused, r => r.Message.Contains("was not asked for", StringComparison.Ordinal));
    }

    private async Task<IngestSummary> RunAsync(Slow source, int blobs)
    {
        for (var nic = 1; nic <= blobs; nic++)
            LogBlobs.Write(_folder["logs"], nic, LogBlobs.Whole(LogBlobs.Records(nic, 5)));
        var patience = new Patience { Call = TimeSpan.FromSeconds(0.2), Blob = TimeSpan.FromSeconds(1), Note = TimeSpan.FromSeconds(0.05), MostSilent = 4, OnWait = n => { lock (_notes) _notes.Add(n); } };
        var options = new IngestOptions(await FlowLake.OpenAsync(_folder["lake"])) { CommitInterval = TimeSpan.FromMilliseconds(20), Workers = 2, Patience = patience };
        return await IngestPipeline.RunAsync(options, [source]);
    }

    private sealed class Slow(string folder, string fault, string mac) : IBlobSource
    {
        private readonly LocalBlobSource _inner = new(folder);
        private int _asked;

        public int Asked => _asked;

        public string Name => _inner.Name;

        public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
        {
            await foreach (var entry in _inner.ListAsync(window, ct))
            {
                if (fault == "list" && IsSlow(entry.Blob!))
                    await Task.Delay(Timeout.Infinite, ct);
                yield return entry;
            }
        }

        public ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct) => _inner.RefreshAsync(blob, ct);

        public async ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct)
        {
            if (!IsSlow(blob))
                return await _inner.OpenAsync(blob, offset, ct);
            Interlocked.Increment(ref _asked);
            if (fault == "open")
                await Task.Delay(Timeout.Infinite, ct);
            return new SlowStream(await _inner.OpenAsync(blob, offset, ct), drips: fault == "drip");
        }

        private bool IsSlow(SourceBlob blob) => blob.Identity.Mac!.StartsWith(mac, StringComparison.Ordinal);
    }

    private sealed class SlowStream(Stream inner, bool drips) : ForwardStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(drips ? TimeSpan.FromMilliseconds(5) : Timeout.InfiniteTimeSpan, cancellationToken);
            return await inner.ReadAsync(buffer[..1], cancellationToken);
        }

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
