using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>docs/decisions/0007: positions that are no longer in the log, and what comes after them.</summary>
public sealed class PositionArchiveTests : IDisposable
{
    private static readonly DateOnly AfterAll = DateOnly.FromDateTime(LogBlobs.Hour).AddDays(1);
    private readonly TemporaryFolder _folder = new();

    private string Logs => _folder["logs"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Blobs_of_archived_dates_are_known_and_not_read_again()
    {
        var lake = await IngestedAsync(nics: 3);

        Assert.Equal(3, await new PositionRetirement(lake, TimeProvider.System).RunAsync(AfterAll));

        Assert.DoesNotContain((await lake.Tuples.SnapshotAsync()).Domains.Keys, d => d.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal));
        var again = await Ingests.RunAsync(_folder["lake"], Logs);
        Assert.Equal((3, 0L, 0L), (again.Blobs.Unchanged, again.Blobs.Read, again.BytesRead));
        Assert.Equal(3, (await LakeInfo.ReadAsync(await FlowLake.OpenAsync(_folder["lake"]))).Blobs);
    }

    [Fact]
    public async Task A_late_commit_to_a_blob_of_an_archived_date_is_read_from_where_it_ended()
    {
        var lake = await IngestedAsync(nics: 2);
        await new PositionRetirement(lake, TimeProvider.System).RunAsync(AfterAll);

        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 8)), version: 2);
        var late = await Ingests.RunAsync(_folder["lake"], Logs);

        Assert.Equal((1L, 3L * 20), (late.Blobs.Read, late.Rows));
        Assert.Equal(0, late.RowsReplaced);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(_folder["lake"]));

        // Archived once more: the newer position counts.
        Assert.Equal(1, await new PositionRetirement(lake, TimeProvider.System).RunAsync(AfterAll));
        Assert.Equal(2, (await Ingests.RunAsync(_folder["lake"], Logs)).Blobs.Unchanged);
    }

    [Fact]
    public async Task Dates_that_may_still_grow_stay_in_the_log()
    {
        var lake = await IngestedAsync(nics: 1);

        Assert.Equal(0, await new PositionRetirement(lake, TimeProvider.System).RunAsync(DateOnly.FromDateTime(LogBlobs.Hour)));

        Assert.Single((await lake.Tuples.SnapshotAsync()).Domains.Keys, d => d.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_ingest_that_was_planned_before_the_positions_moved_commits_every_row_once()
    {
        await IngestedAsync(nics: 4);
        for (var nic = 0; nic < 4; nic++)
            LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 9)), version: 2);

        // The positions go at the moment when the ingest is about to commit.
        var moved = 0L;
        var lake = await FlowLake.OpenAsync(_folder["lake"], new LakeOptions
        {
            WrapStore = store => new BeforeCommit(store, async () => moved += await new PositionRetirement(await FlowLake.OpenAsync(_folder["lake"]), TimeProvider.System).RunAsync(AfterAll)),
        });
        var summary = await IngestPipeline.RunAsync(new IngestOptions(lake) { CommitInterval = TimeSpan.FromSeconds(2) }, [new FlowLogAnalyzer.Blobs.LocalBlobSource(Logs)]);

        Assert.Equal(4, moved);
        Assert.Equal(4 * 4 * 20, summary.Rows);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(_folder["lake"]));
    }

    [Fact]
    public async Task An_ingest_finds_that_a_new_blob_was_read_by_another_and_its_position_moved_meanwhile()
    {
        await IngestedAsync(nics: 1);
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 5)));
        var lake = await FlowLake.OpenAsync(_folder["lake"], new LakeOptions
        {
            WrapStore = store => new BeforeCommit(store, async () =>
            {
                await Ingests.RunAsync(_folder["lake"], Logs);
                await new PositionRetirement(await FlowLake.OpenAsync(_folder["lake"]), TimeProvider.System).RunAsync(AfterAll);
            }),
        });

        await IngestPipeline.RunAsync(new IngestOptions(lake) { CommitInterval = TimeSpan.Zero }, [new FlowLogAnalyzer.Blobs.LocalBlobSource(Logs)]);

        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(_folder["lake"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_storage_operation_the_move_dies_at_no_position_is_lost(bool afterDoing)
    {
        await IngestedAsync(nics: 3);
        for (var failAt = 1; ; failAt++)
        {
            FaultyStore? store = null;
            var lake = await FlowLake.OpenAsync(_folder["lake"], new LakeOptions { CheckpointEvery = 2, WrapStore = s => store = new FaultyStore(s, failAt, afterDoing) });
            try
            {
                await new PositionRetirement(lake, TimeProvider.System).RunAsync(AfterAll);
            }
            catch (IOException)
            {
                // As if the process had died there.
            }

            Assert.Equal(3, (await Ingests.RunAsync(_folder["lake"], Logs)).Blobs.Unchanged);
            if (store!.Operations < failAt)
            {
                Assert.True(failAt > 2, "There were hardly any operations to fail.");
                return;
            }
        }
    }

    [Fact]
    public async Task Archive_files_that_no_version_names_go_after_a_day()
    {
        var lake = await IngestedAsync(nics: 1);
        await new PositionRetirement(lake, TimeProvider.System).RunAsync(AfterAll);
        LogBlobs.Write(Logs, 0, LogBlobs.Whole(LogBlobs.Records(0, 8)), version: 2);
        await Ingests.RunAsync(_folder["lake"], Logs);
        await new PositionRetirement(lake, TimeProvider.System).RunAsync(AfterAll);
        Assert.Equal(2, Directory.GetFiles(_folder["lake/positions"]).Length);

        await new PositionRetirement(lake, new ManualTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(25))).RunAsync(AfterAll);

        Assert.Single(Directory.GetFiles(_folder["lake/positions"]));
        Assert.Equal(1, (await Ingests.RunAsync(_folder["lake"], Logs)).Blobs.Unchanged);
    }

    private async Task<FlowLake> IngestedAsync(int nics)
    {
        for (var nic = 0; nic < nics; nic++)
            LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 5)));
        await Ingests.RunAsync(_folder["lake"], Logs);
        return await FlowLake.OpenAsync(_folder["lake"]);
    }
}
