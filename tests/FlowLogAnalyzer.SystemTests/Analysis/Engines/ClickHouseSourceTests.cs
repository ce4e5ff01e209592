using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Query.Engines;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Analysis.Engines;

public sealed class ClickHouseSourceTests
{
    private static readonly ClickHouseOptions Server = new(new Uri("http://localhost:8123"));

    [Theory]
    [InlineData("/data/it's/lake", null, "create table lake_files as deltaLakeLocal('/data/it''s/lake/tuples')")]
    [InlineData("https://acc.blob.core.windows.net/logs/my/lake", null, "create table lake_files as deltaLakeAzure('https://acc.blob.core.windows.net', 'logs', 'my/lake/tuples')")]
    [InlineData("https://acc.blob.core.windows.net/logs", null, "create table lake_files as deltaLakeAzure('https://acc.blob.core.windows.net', 'logs', 'tuples')")]
    [InlineData("/data/lake", "deltaLakeAzureCluster('all', flowlog)", "create table lake_files as deltaLakeAzureCluster('all', flowlog)")]
    [InlineData("/data/lake", "other.tuples", "create view lake_files as select * from other.tuples")]
    public void The_server_reads_the_lake_where_it_is_or_as_it_is_told(string location, string? source, string expected)
    {
        var options = new LakeDatabaseOptions { Location = location, Files = ["a"], ClickHouse = Server with { Source = source } };

        Assert.Equal(expected, ClickHouseSource.Create(options).First());
    }

    [Fact]
    public async Task A_lake_in_storage_is_read_by_the_server_and_not_fetched()
    {
        var container = await Azurite.ContainerAsync();
        using var cache = new TemporaryFolder();
        var lake = await FlowLake.OpenAsync($"{container.Uri}/my/lake", new LakeOptions { Access = new() { ConnectionString = await Azurite.ConnectionStringAsync() }, CacheFolder = cache.Path }, TestContext.Current.CancellationToken);
        for (var day = 0; day < 3; day++)
            Assert.True((await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"D{day}", Batches.Start.AddDays(day)), 200, seed: day))).Committed);
        var server = await ClickHouseServer.OptionsAsync($"deltaLakeAzure('{await Azurite.ConnectionStringAsync()}', '{container.Name}', 'my/lake/tuples')");
        var windows = await LakeWindows.LoadAsync(lake, ct: TestContext.Current.CancellationToken);

        async Task<List<object?[]>> AskAsync(ClickHouseOptions? engine)
        {
            using var database = await windows.OpenAsync(Batches.Start.AddDays(1).Date, Batches.Start.AddDays(2).Date, o => o with { ClickHouse = engine }, TestContext.Current.CancellationToken);
            using var rows = database.Query("select count(*), min(time), max(time), sum(src_port), count(distinct src_kind), min(event_date) from named_tuples");
            return [.. rows.Read()];
        }

        var actual = await AskAsync(server);
        Assert.Empty(Directory.GetFiles(cache.Path, "*.parquet", SearchOption.AllDirectories));
        var expected = await AskAsync(null);
        Assert.NotEmpty(Directory.GetFiles(cache.Path, "*.parquet", SearchOption.AllDirectories));

        Assert.Equal(200L, expected.Single()[0]);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task No_file_of_a_date_outside_of_the_window_is_opened()
    {
        using var folder = new TemporaryFolder();
        var lake = await FlowLake.OpenAsync(folder.Path, ct: TestContext.Current.CancellationToken);
        for (var day = 0; day < 3; day++)
            Assert.True((await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"D{day}", Batches.Start.AddDays(day)), 200, seed: day))).Committed);
        File.Delete((await lake.Tuples.GetActiveFilesAsync(ct: TestContext.Current.CancellationToken))[0].LocalPath!);
        var server = await ClickHouseServer.OptionsAsync();
        var windows = await LakeWindows.LoadAsync(lake, ct: TestContext.Current.CancellationToken);

        async Task<object?> CountAsync(DateTime? since)
        {
            using var database = await windows.OpenAsync(since, null, o => o with { ClickHouse = server }, TestContext.Current.CancellationToken);
            return database.Scalar("select count(src_ip) from lake_tuples");
        }

        Assert.Equal(400L, await CountAsync(Batches.Start.AddDays(1).Date));
        await Assert.ThrowsAsync<ClickHouseException>(() => CountAsync(null));
    }

    [Fact]
    public async Task An_error_of_the_source_does_not_show_its_key()
    {
        const string Key = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA==";
        var server = await ClickHouseServer.OptionsAsync($"deltaLakeAzure('DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};BlobEndpoint=http://127.0.0.1:1/devstoreaccount1;', 'nowhere', 'tuples')");

        var error = Assert.Throws<ClickHouseException>(() => LakeDatabase.Open(new LakeDatabaseOptions { Files = ["a"], ClickHouse = server }));

        Assert.Contains("the lake's table tuples", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
    }
}
