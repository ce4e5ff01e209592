using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>A blob of bytes that no logger wrote, between two good ones: whatever becomes of it, the good ones are in the lake, whole.</summary>
public sealed class MutatedBlobTests(ITestOutputHelper output)
{
    private static readonly string[] Pieces = ["{", "}", "[", "]", ",", "\"", ":", "\\", "\\ud800", "\"records\":[", "\"flowTuples\":", "null", "1e999", "-1", "99999999999999999999", "\"category\":7", "\0", "\u20ac"];

    /// <summary>Explicit for as long as one damaged record is known to stop the others.</summary>
    [Fact(Explicit = true)]
    public async Task Whatever_a_blob_holds_the_others_are_read()
    {
        var (from, count) = (SimulationTests.Number("FLOWLOG_TEST_FROM", 0), SimulationTests.Number("FLOWLOG_TEST_SEEDS", 10_000));
        var refused = 0;
        var failures = new List<string>();
        for (var seed = from; seed < from + count; seed++)
        {
            var bytes = Mutated(new Random(seed));
            try
            {
                refused += await IngestAsync(bytes) ? 1 : 0;
            }
            catch (Exception e)
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{seed}: {e.GetType().Name}: {e.Message}"));
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} blobs, {refused} refused or in part, {failures.Count} wrong"));
        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(30)));
    }

    /// <summary>True when the odd blob was refused, or something in it was.</summary>
    private static async Task<bool> IngestAsync(byte[] odd)
    {
        var files = new SimulatedFiles(() => new DateTimeOffset(LogBlobs.Hour));
        var lake = await FlowLake.OpenAsync("memory", new LakeOptions { WrapStore = _ => files });
        var source = new Source([Good(0), odd, Good(2)]);
        var summary = await IngestPipeline.RunAsync(new IngestOptions(lake) { CommitInterval = TimeSpan.Zero, Workers = 1, Encoders = 1, BatchRows = 16 }, [source]);
        var snapshot = await lake.Tuples.SnapshotAsync();
        foreach (var good in (int[])[0, 2])
        {
            var position = await lake.Tuples.Archive.FindAsync(snapshot, FlowLogPath.Parse(LogBlobs.Path(good)).Key, default);
            Assert.Equal(6, position?.Rows);
        }

        Assert.Equal(summary.Rows, (await lake.Tuples.GetActiveFilesAsync()).Sum(f => f.Rows));
        return summary.Refused.Count > 0 || summary.RejectedTotal > 0 || summary.RejectedRecords.Count > 0;
    }

    private static byte[] Good(int nic) => Encoding.UTF8.GetBytes(LogBlobs.Whole(LogBlobs.Records(nic, 2, tuples: 3)));

    private static byte[] Mutated(Random random)
    {
        List<byte> bytes = [.. Good(1)];
        for (var i = 1 + random.Next(4); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(1 + random.Next(random.Next(2) == 0 ? 4 : 200), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }

    private sealed class Source(byte[][] blobs) : IBlobSource
    {
        public string Name => "memory";

        public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.CompletedTask;
            for (var nic = 0; nic < blobs.Length; nic++)
                yield return SourceEntry.Of(new SourceBlob(FlowLogPath.Parse(LogBlobs.Path(nic)), LogBlobs.Path(nic), blobs[nic].Length, "1", new DateTimeOffset(LogBlobs.Hour)));
        }

        public ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct) => new(blob);

        public ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct)
        {
            var nic = Enumerable.Range(0, blobs.Length).First(n => LogBlobs.Path(n) == blob.Path);
            return new(new MemoryStream(blobs[nic], (int)offset, blobs[nic].Length - (int)offset, writable: false));
        }
    }
}
