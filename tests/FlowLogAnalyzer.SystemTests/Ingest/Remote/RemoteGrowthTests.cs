using CsCheck;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest.Remote;

/// <summary>Blobs in storage that grow as the platform makes them grow.</summary>
public sealed class RemoteGrowthTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_new_block_of_an_hour_is_downloaded_once()
    {
        var logs = await RemoteLogs.CreateAsync();
        var transport = new MeteredTransport();
        var peers = 0L;
        for (var minute = 0; minute < 60; minute++)
        {
            await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, minute, 60));
            await logs.IngestAsync(_folder["lake"], transport);
            peers += await LengthAsync(logs, RemoteLogs.Name(1));
        }

        var length = await LengthAsync(logs, RemoteLogs.Name(1));
        output.WriteLine($"A blob of {length} bytes that grew in 60 commits, read after each: {transport.ContentBytes} bytes of content in {transport.Gets} GET ({(double)transport.ContentBytes / length:0.000} times its size), "
            + $"{transport.ListingBytes} bytes of {transport.Listings} listings, {transport.Heads} HEAD.");
        output.WriteLine($"A reader that takes the whole blob each time: {peers} bytes ({(double)peers / length:0.0} times its size).");
        Assert.InRange(transport.ContentBytes, length, (long)(1.1 * length));
        Assert.Equal((60, 60, 0), (transport.Gets, transport.Listings, transport.Heads));
        Assert.Equal(await logs.CleanRowsAsync(), await Ingests.RowsAsync(_folder["lake"]));
    }

    [Theory]
    [InlineData(LogFormat.NsgV2)]
    [InlineData(LogFormat.VnetV4)]
    public async Task The_commits_of_a_simulated_cluster_read_in_between_give_the_rows_of_one_reading(LogFormat format)
    {
        var logs = await RemoteLogs.CreateAsync();
        var number = 0;
        foreach (var commit in LabRunner.Commits(LabScenarios.Find("client-denied")!, new LabOptions { Format = format, Minutes = 8 }))
        {
            await logs.Writer.CommitAsync(commit.Path, commit.Records);
            if (++number % 25 == 0)
                await logs.IngestAsync(_folder["lake"]);
        }

        var last = await logs.IngestAsync(_folder["lake"]);

        Assert.Equal(0, last.Blobs.Failed);
        Assert.Equal(await logs.CleanRowsAsync(), await Ingests.RowsAsync(_folder["lake"]));
    }

    [Fact]
    public async Task Any_way_of_cutting_a_blob_into_commits_gives_the_same_rows()
    {
        string[] records = [.. LogBlobs.Records(1, 10, tuples: 4)];
        await Gen.Int[0, 4].Array[1, 8].SampleAsync(async sizes =>
        {
            var logs = await RemoteLogs.CreateAsync();
            using var folder = new TemporaryFolder();
            var next = 0;
            foreach (var size in sizes.Append(records.Length))
            {
                string[] part = [.. records.Skip(next).Take(size)];
                next += part.Length;
                await logs.Writer.CommitAsync(RemoteLogs.Name(1), part);
                await logs.IngestAsync(folder["lake"]);
            }

            Assert.Equal(await logs.CleanRowsAsync(), await Ingests.RowsAsync(folder["lake"]));
        }, iter: 12, threads: 2);
    }

    [Fact]
    public async Task A_metadata_write_costs_a_few_bytes_and_changes_no_row()
    {
        var logs = await RemoteLogs.CreateAsync();
        for (var minute = 0; minute < 5; minute++)
        {
            await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, minute, 60));
            await logs.IngestAsync(_folder["lake"]);
        }

        var files = await FilesAsync();
        await logs.Container.GetBlobClient(RemoteLogs.Name(1)).SetMetadataAsync(new Dictionary<string, string> { ["rescan"] = "1" });
        var transport = new MeteredTransport();
        var summary = await logs.IngestAsync(_folder["lake"], transport);
        var next = await logs.IngestAsync(_folder["lake"]);

        Assert.Equal((0, 0), (summary.Rows, summary.RowsReplaced));
        Assert.InRange(transport.ContentBytes, 0, 300);
        Assert.Equal(files, await FilesAsync());
        Assert.Equal(1, next.Blobs.Unchanged);
    }

    [Theory]
    [InlineData("rewritten", 5)]
    [InlineData("rewritten at the same length", 5)]
    [InlineData("rewritten and longer", 9)]
    [InlineData("shorter", 2)]
    public async Task The_rows_of_a_blob_that_was_rewritten_are_replaced(string how, int records)
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), [.. LogBlobs.Records(1, 5)]);
        await logs.IngestAsync(_folder["lake"]);

        var text = LogBlobs.Whole(LogBlobs.Records(2, records));
        if (how == "rewritten at the same length")
            text = LogBlobs.Whole(LogBlobs.Records(1, 5)).Replace(",443,T", ",444,T", StringComparison.Ordinal);
        await logs.Container.GetBlobClient(RemoteLogs.Name(1)).UploadAsync(BinaryData.FromString(text), overwrite: true);
        var summary = await logs.IngestAsync(_folder["lake"]);

        Assert.True(summary.RowsReplaced > 0, how);
        Assert.Equal(await logs.CleanRowsAsync(), await Ingests.RowsAsync(_folder["lake"]));
    }

    [Fact]
    public async Task An_older_copy_over_a_blob_takes_no_row_away()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), [.. LogBlobs.Records(1, 5)]);
        await logs.IngestAsync(_folder["lake"]);
        await logs.Container.GetBlobClient(RemoteLogs.Name(1)).UploadAsync(BinaryData.FromString(LogBlobs.Whole(LogBlobs.Records(1, 2))), overwrite: true);

        var summary = await logs.IngestAsync(_folder["lake"]);

        Assert.Equal((0, 1, 1L), (summary.RowsReplaced, summary.Blobs.Skipped, summary.FlowLogs));
        Assert.Contains("older copy", Assert.Single(summary.Refused).Message, StringComparison.Ordinal);
        Assert.Equal(100, (await Ingests.RowsAsync(_folder["lake"])).Length);
    }

    [Fact]
    public async Task A_commit_a_day_after_the_hour_is_taken_up()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 0, 10));
        Task<IngestSummary> At(DateTime now) => logs.IngestAsync(_folder["lake"], null, o => o with { Time = new ManualTime(now) });
        await At(LogBlobs.Hour.AddMinutes(90));
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 59, 10));

        var late = await At(LogBlobs.Hour.AddDays(1));

        Assert.Equal((1, 10), (late.Blobs.Read, late.Rows));
    }

    [Fact]
    public async Task Blobs_that_grow_while_they_are_read_end_whole()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 0, 300));
        var minute = 0;

        // Every first GET of a state finds the next state already there.
        var transport = new MeteredTransport(request =>
        {
            if (request.Method == Azure.Core.RequestMethod.Get && request.Headers.TryGetValue("If-Match", out _) && minute < 3)
                logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, ++minute, 300)).GetAwaiter().GetResult();
            return Fault.None;
        });
        var summary = await logs.IngestAsync(_folder["lake"], transport);

        Assert.Equal(3, minute);
        Assert.Equal((1, 0), (summary.Blobs.Read, summary.Blobs.Failed));
        Assert.Equal(4, transport.Gets);
        Assert.Equal(await logs.CleanRowsAsync(), await Ingests.RowsAsync(_folder["lake"]));
    }

    private static async Task<long> LengthAsync(RemoteLogs logs, string name) => (await logs.Container.GetBlobClient(name).GetPropertiesAsync()).Value.ContentLength;

    private async Task<string[]> FilesAsync() => [.. (await (await FlowLake.OpenAsync(_folder["lake"])).Tuples.GetActiveFilesAsync()).Select(f => f.RelativePath)];
}
