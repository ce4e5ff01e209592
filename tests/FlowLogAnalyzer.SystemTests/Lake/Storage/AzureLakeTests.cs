using Azure.Storage.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.Storage;

/// <summary>A lake in storage: the same table, read by the same engines.</summary>
public sealed class AzureLakeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_many_writers_of_one_name_one_wins()
    {
        var store = (await OpenAsync(await Azurite.ContainerAsync())).Store;

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => store.PutIfAbsentAsync("a/b", new byte[] { (byte)i }, default).AsTask()));

        Assert.Single(results, won => won);
        Assert.Equal(Array.IndexOf(results, true), (await store.ReadAllAsync("a/b", default))!.Single());
        await store.PutAsync("a/b", new byte[] { 99 }, default);
        Assert.Equal(99, (await store.ReadAllAsync("a/b", default))!.Single());
        await store.DeleteAsync("a/b", default);
        await store.DeleteAsync("a/b", default);
        Assert.Null(await store.ReadAllAsync("a/b", default));
    }

    [Fact]
    public async Task Two_engines_see_the_rows_of_a_lake_in_storage()
    {
        var container = await Azurite.ContainerAsync();
        var lake = await OpenAsync(container);
        for (var i = 0; i < 12; i++) // enough for a checkpoint
            Assert.True((await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}", Batches.Start.AddHours(i)), 300, seed: i))).Committed);

        const string Sums = "count(*), sum(src_port), count(distinct blob), count(distinct event_date)";
        var files = await lake.Tuples.GetLocalFilesAsync();
        var duck = Duck.Row($"select {Sums} from {Duck.Files(files.Select(f => f.LocalPath))}");
        var click = await ClickHouse.RowAsync($"select {Sums} from deltaLakeAzure('{await Azurite.ConnectionStringAsync()}', '{container.Name}', 'my/lake/tuples')");

        Assert.Equal("3600", duck[0]);
        Assert.Equal(duck, click);
        Assert.Equal(3600, (await (await OpenAsync(container)).Tuples.GetActiveFilesAsync()).Sum(f => f.Rows));
    }

    [Fact]
    public async Task Only_files_of_the_window_are_fetched_and_each_once()
    {
        var container = await Azurite.ContainerAsync();
        for (var day = 0; day < 5; day++)
            await LakeRows.AppendAsync(await OpenAsync(container), Batches.Make(Batches.Blob($"D{day}", Batches.Start.AddDays(day)), 200, seed: day));
        var transport = new MeteredTransport();
        var lake = await OpenAsync(container, transport);

        var files = await lake.Tuples.GetLocalFilesAsync(Batches.Start.AddDays(3).Date, Batches.Start.AddDays(4).Date);
        await lake.Tuples.GetLocalFilesAsync(Batches.Start.AddDays(3).Date, Batches.Start.AddDays(4).Date);

        Assert.Single(files);
        Assert.Single(Directory.GetFiles(_folder["cache"], "*.parquet", SearchOption.AllDirectories));
        Assert.Equal("200", Duck.Row($"select count(*) from {Duck.Files(files.Select(f => f.LocalPath))} where event_date = date '{Batches.Start.AddDays(3):yyyy-MM-dd}'")[0]);
    }

    [Fact]
    public async Task Ingests_compaction_and_vacuum_work_on_a_lake_in_storage()
    {
        var logs = await RemoteLogs.CreateAsync();
        var container = await Azurite.ContainerAsync();
        for (var minute = 0; minute < 4; minute++)
        {
            for (var nic = 1; nic <= 4; nic++)
                await logs.Writer.CommitAsync(RemoteLogs.Name(nic), LogBlobs.Record(nic, minute, 20));
            await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
                await IngestPipeline.RunAsync(new IngestOptions(await OpenAsync(container)) { CommitInterval = TimeSpan.FromMilliseconds(10), CommitRows = 30 }, [logs.Source()])));
        }

        var before = (await (await OpenAsync(container)).Tuples.GetActiveFilesAsync()).Count;
        var compacted = await new LakeCompactor(await OpenAsync(container), TimeProvider.System).RunAsync(new CompactOptions { Before = new DateOnly(2027, 1, 1) });
        await new LakeVacuum(await OpenAsync(container), TimeProvider.System).RunAsync(new VacuumOptions { Retention = TimeSpan.Zero, OrphanAge = TimeSpan.Zero });

        Assert.True(before > 1);
        Assert.Equal(1, compacted.FilesAfter);
        var blobs = container.GetBlobs().Count(b => b.Name.EndsWith(".parquet", StringComparison.Ordinal) && !b.Name.Contains("_delta_log", StringComparison.Ordinal));
        Assert.Equal(1, blobs);
        Assert.Equal(await logs.CleanRowsAsync(), await LakeRows.AllAsync(await OpenAsync(container)));
    }

    [Fact]
    public async Task A_container_that_does_not_exist_is_named()
    {
        var container = await Azurite.ContainerAsync();
        await container.DeleteAsync();

        var error = await Assert.ThrowsAsync<DirectoryNotFoundException>(async () => await OpenAsync(container, mustExist: true));

        Assert.Contains("az storage container create", error.Message, StringComparison.Ordinal);
    }

    private async Task<FlowLake> OpenAsync(BlobContainerClient container, MeteredTransport? transport = null, bool mustExist = false) =>
        await FlowLake.OpenAsync($"{container.Uri}/my/lake", new LakeOptions
        {
            Access = new() { ConnectionString = await Azurite.ConnectionStringAsync(), Transport = transport },
            CacheFolder = _folder["cache"],
            MustExist = mustExist,
        });
}
