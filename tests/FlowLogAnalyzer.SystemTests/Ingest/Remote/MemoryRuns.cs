using System.Diagnostics;
using System.Globalization;
using FlowLogAnalyzer.Tests.Cli;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest.Remote;

/// <summary>
/// Peak memory of the real program on large and on many blobs. Long, so only on demand:
/// docs/how-to/read-from-storage.md has the command.
/// </summary>
public sealed class MemoryRuns(ITestOutputHelper output) : IDisposable
{
    private const long Limit = 400_000_000;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public async Task A_blob_of_1_GiB_is_read_within_400_MB()
    {
        var logs = await RemoteLogs.CreateAsync();
        var (bytes, record) = (0L, 0);
        while (bytes < 1L << 30)
        {
            string[] records = [.. Enumerable.Range(record, 12).Select(i => LogBlobs.Record(1 + (i / 60), i % 60, 8000))];
            await logs.Writer.CommitAsync(RemoteLogs.Name(1), records);
            bytes += records.Sum(r => r.Length + 1L);
            record += records.Length;
        }

        await MeasureAsync(logs, $"one blob of {bytes / (double)(1 << 30):0.00} GiB");
    }

    [Fact(Explicit = true)]
    public async Task Ten_thousand_small_blobs_are_read_within_400_MB()
    {
        var logs = await RemoteLogs.CreateAsync();
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, ct) =>
        {
            var hour = LogBlobs.Hour.AddHours(i / 250);
            await logs.Container.GetBlobClient(RemoteLogs.Name(i % 250, hour)).UploadAsync(BinaryData.FromString(LogBlobs.Whole([LogBlobs.Record(i % 250, i % 60, 20, hour)])), ct);
        });

        await MeasureAsync(logs, "10,000 small blobs");
    }

    private async Task MeasureAsync(RemoteLogs logs, string what)
    {
        using var run = CliRun.Start(["ingest", logs.Address, "--lake", _folder["lake"], "--output", "json"], ("AZURE_STORAGE_CONNECTION_STRING", logs.Connection));
        var (text, error) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        var peak = 0L;
        while (!run.HasExited)
        {
            peak = Math.Max(peak, PeakOf(run.Id));
            await Task.Delay(50);
        }

        Assert.True(run.ExitCode == 0, await error);
        var json = new CliRun(0, await text, "").Json;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: peak {peak / 1e6:0} MB, {json.GetProperty("rows").GetInt64()} rows, {json.GetProperty("bytesRead").GetInt64() / 1e6:0} MB in {json.GetProperty("seconds").GetDouble():0.0} s, {json.GetProperty("commits").GetInt64()} commits."));
        Assert.InRange(peak, 1, Limit);
    }

    /// <summary>The kernel's own high-water mark where there is one.</summary>
    private static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            using var running = Process.GetProcessById(process);
            return running.PeakWorkingSet64;
        }
        catch (ArgumentException)
        {
            return 0; // it has just ended
        }
    }
}
