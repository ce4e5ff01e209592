using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest;

public sealed class ExactlyOnceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Logs => _folder["logs"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_storage_operation_a_run_dies_at_the_repeated_run_gives_the_same_rows(bool afterDoing)
    {
        // Growth and a rewrite as well, so that every kind of commit is hit.
        for (var nic = 0; nic < 4; nic++)
            LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 5)));
        await Ingests.RunAsync(_folder["base"], Logs);
        LogBlobs.Write(Logs, 0, LogBlobs.Whole(LogBlobs.Records(0, 9)), version: 2);
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(7, 4)), version: 2);
        LogBlobs.Write(Logs, 9, LogBlobs.Whole(LogBlobs.Records(9, 30, tuples: 40)));
        var expected = await Ingests.CleanRowsAsync(Logs);

        for (var failAt = 1; ; failAt++)
        {
            var lake = _folder[$"lake{failAt}"];
            Copy(_folder["base"], lake);
            var died = await RunAndDieAsync(lake, failAt, afterDoing);

            await Ingests.RunAsync(lake, Logs);
            Assert.Equal(expected, await Ingests.RowsAsync(lake));
            if (!died)
            {
                Assert.True(failAt > 5, "There were hardly any operations to fail.");
                return;
            }
        }
    }

    [Fact]
    public async Task Several_ingests_at_once_over_the_same_blobs_give_every_row_once()
    {
        for (var nic = 0; nic < 30; nic++)
            LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 10)));
        var expected = await Ingests.CleanRowsAsync(Logs);

        var summaries = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            Ingests.RunAsync(_folder["lake"], o => o with { CommitRows = 700, CommitInterval = TimeSpan.FromMilliseconds(20), Workers = 2 }, Logs))));

        Assert.Equal(expected, await Ingests.RowsAsync(_folder["lake"]));
        Assert.Equal(expected.Length, summaries.Sum(s => s.Rows));
        Assert.All(summaries, s => Assert.Equal(0, s.Blobs.Failed));
    }

    [Fact]
    public async Task Growth_compaction_and_vacuum_beside_each_other_lose_and_double_nothing()
    {
        var upkeep = Task.Run(async () =>
        {
            for (var i = 0; i < 15; i++)
            {
                var lake = await FlowLake.OpenAsync(_folder["lake"]);
                await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = new DateOnly(2027, 1, 1) });
                await new LakeVacuum(lake, TimeProvider.System).RunAsync(new VacuumOptions { Retention = TimeSpan.FromMinutes(10) });
            }
        });
        for (var step = 1; step <= 6; step++)
        {
            for (var nic = 0; nic < 4; nic++)
                LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(step % 3 == 0 ? nic : nic + 10, step * 2)), version: step);
            await Ingests.RunAsync(_folder["lake"], o => o with { CommitInterval = TimeSpan.Zero }, Logs);
        }

        await upkeep;
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(_folder["lake"]));
    }

    private async Task<bool> RunAndDieAsync(string location, int failAt, bool afterDoing)
    {
        FaultyStore? store = null;
        var lake = await FlowLake.OpenAsync(location, new LakeOptions { CheckpointEvery = 2, WrapStore = s => store = new FaultyStore(s, failAt, afterDoing) });
        var options = new IngestOptions(lake) { CommitInterval = TimeSpan.FromMilliseconds(20), CommitRows = 300, SpillRows = 500, BatchRows = 200, Workers = 1 };
        try
        {
            await IngestPipeline.RunAsync(options, [new LocalBlobSource(Logs)]);
        }
        catch (IOException)
        {
            return true;
        }

        return store!.Operations >= failAt;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
