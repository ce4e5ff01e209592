using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.Storage;

/// <summary>The power goes at any operation of the disk: what was committed is there, whole, and the rest is read again once.</summary>
public sealed class PowerCutTests : IDisposable
{
    private static readonly LakeOptions Options = new() { CheckpointEvery = 2 };
    private readonly TemporaryFolder _folder = new();

    private string Lake => _folder["disk/lake"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_a_power_cut_at_any_operation_every_commit_that_was_answered_is_there_and_no_row_comes_twice()
    {
        var (logs, clean) = await LogsAsync();
        for (var failAt = 1; ; failAt++)
        {
            var disk = new ForgetfulDisk(_folder["disk"], failAt);
            var answered = await RunAsync(disk, logs);
            disk.CutPower(new Random(failAt));

            var lake = await FlowLake.OpenAsync(Lake, Options);
            Assert.True((await lake.Tuples.SnapshotAsync()).Version >= answered, $"operation {failAt}: version {answered} was answered with done and is gone");
            await Ingests.RunAsync(Lake, o => o with { Lake = lake }, logs);
            Assert.Equal(clean, await Ingests.RowsAsync(Lake));
            Assert.True((await new LakeVerifier(lake, TimeProvider.System).RunAsync()).IsSound);
            Directory.Delete(_folder["disk"], recursive: true);
            if (disk.Operations <= failAt)
                break;
        }
    }

    private async Task<(string Logs, string[] Clean)> LogsAsync()
    {
        var logs = _folder["logs"];
        for (var nic = 0; nic < 2; nic++)
            LogBlobs.Write(logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 2, 4)));
        return (logs, await Ingests.CleanRowsAsync(logs));
    }

    /// <summary>The version that the last commit to be answered made, or -1.</summary>
    private async Task<long> RunAsync(ForgetfulDisk disk, string logs)
    {
        Directory.CreateDirectory(_folder["disk"]);
        var lake = await FlowLake.OpenAsync(Lake, Options with { WrapStore = _ => new FolderLakeStore(Lake, disk) });
        var answered = -1L;
        try
        {
            foreach (var blob in Directory.GetFiles(logs, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                await IngestPipeline.RunAsync(new IngestOptions(lake) { CommitInterval = TimeSpan.Zero }, [new LocalBlobSource(blob)]);
                answered = await AnsweredAsync();
            }

            await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = DateOnly.MaxValue, Workers = 1 });
            answered = await AnsweredAsync();
            await new PositionRetirement(lake, TimeProvider.System).RunAsync(DateOnly.MaxValue);
            answered = await AnsweredAsync();
        }
        catch (IOException)
        {
            // The power is off.
        }

        return answered;

        // A process that has no power any more gets no answers.
        async Task<long> AnsweredAsync() => disk.IsOff ? throw new IOException("The power is off.") : (await lake.Tuples.SnapshotAsync()).Version;
    }
}
