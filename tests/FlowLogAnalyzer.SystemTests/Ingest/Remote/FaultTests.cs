using System.Diagnostics;
using Azure.Core;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest.Remote;

/// <summary>Storage and network that fail in every way, on the way to the source and to the lake.</summary>
public sealed class FaultTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Faults_on_the_way_to_the_source_cost_time_and_no_row(int seed)
    {
        var logs = await RemoteLogs.CreateAsync();
        Fault[] faults = [Fault.ServerError, Fault.Busy, Fault.TooMany, Fault.Timeout, Fault.Reset, Fault.AnswerLost, Fault.BodyBroken, Fault.BodyShort, Fault.PreconditionFailed, Fault.RangeNotSatisfiable];
        var transport = new MeteredTransport(Dice(seed, 0.35, faults));
        var watch = Stopwatch.StartNew();
        for (var minute = 0; minute < 12; minute++)
        {
            for (var nic = 1; nic <= 8; nic++)
                await logs.Writer.CommitAsync(RemoteLogs.Name(nic), LogBlobs.Record(nic, minute, 40));
            await logs.IngestAsync(_folder["lake"], transport);
        }

        var sweeps = 0;
        while ((await logs.IngestAsync(_folder["lake"], transport)).Blobs is not { Failed: 0, Read: 0 })
            Assert.True(++sweeps < 20, "It does not come to an end.");

        Tell(transport, watch);
        Assert.All(faults, f => Assert.Contains(f, transport.Faults.Keys));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
        Assert.Equal(await logs.CleanRowsAsync(), await Ingests.RowsAsync(_folder["lake"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Faults_on_the_way_to_the_lake_double_and_lose_nothing(int seed)
    {
        var logs = await RemoteLogs.CreateAsync();
        for (var nic = 1; nic <= 10; nic++)
            await logs.Writer.CommitAsync(RemoteLogs.Name(nic), [.. LogBlobs.Records(nic, 5, 30)]);
        var place = await Azurite.ContainerAsync();
        var transport = new MeteredTransport(Dice(seed, 0.3, [Fault.ServerError, Fault.Busy, Fault.Timeout, Fault.Reset, Fault.AnswerLost]));
        var watch = Stopwatch.StartNew();
        var summary = await WithLakeAsync(transport, async lake => await IngestPipeline.RunAsync(
            new IngestOptions(lake) { CommitRows = 200, CommitInterval = TimeSpan.FromMilliseconds(10) }, [logs.Source()]));

        Tell(transport, watch);
        Assert.Equal(10, summary.Blobs.Read);
        Assert.Equal(await logs.CleanRowsAsync(), await WithLakeAsync(null, async lake => await LakeRows.AllAsync(lake)));

        async Task<T> WithLakeAsync<T>(MeteredTransport? through, Func<FlowLake, Task<T>> run) =>
            await run(await FlowLake.OpenAsync($"{place.Uri}/lake", new LakeOptions { Access = logs.Access(through), CacheFolder = _folder["cache"], CheckpointEvery = 3 }));
    }

    [Fact]
    public async Task A_missing_right_ends_the_run_and_leaves_the_positions_as_they_were()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 0, 10));
        await logs.IngestAsync(_folder["lake"]);
        var before = (await (await FlowLake.OpenAsync(_folder["lake"])).Tuples.SnapshotAsync()).Version;
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 1, 10));

        // The right to list is there, the right to read is not.
        var transport = new MeteredTransport(r => r.Uri.Query.Contains("comp=list", StringComparison.Ordinal) ? Fault.None : Fault.Denied);
        var denied = await Assert.ThrowsAsync<StorageDeniedException>(() => logs.IngestAsync(_folder["lake"], transport));

        Assert.Contains("Storage Blob Data Reader", denied.Message, StringComparison.Ordinal);
        Assert.Equal(1, transport.Gets);
        Assert.Equal(before, (await (await FlowLake.OpenAsync(_folder["lake"])).Tuples.SnapshotAsync()).Version);
    }

    [Fact]
    public async Task The_source_is_only_listed_and_read()
    {
        var logs = await RemoteLogs.CreateAsync();
        var transport = new MeteredTransport(Dice(7, 0.2, [Fault.PreconditionFailed, Fault.Busy]));
        for (var minute = 0; minute < 3; minute++)
        {
            await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, minute, 40));
            await logs.IngestAsync(_folder["lake"], transport);
        }

        Assert.Subset(new HashSet<string>(["LIST", "GET", "HEAD"]), transport.Requests.ToHashSet());
    }

    [Fact]
    public async Task A_blob_deleted_between_listing_and_reading_is_passed_over_and_its_rows_stay()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 0, 10));
        await logs.IngestAsync(_folder["lake"]);
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 1, 10));
        var transport = new MeteredTransport(request =>
        {
            if (request.Headers.TryGetValue("If-Match", out _))
                logs.Container.GetBlobClient(RemoteLogs.Name(1)).DeleteIfExists();
            return Fault.None;
        });

        var summary = await logs.IngestAsync(_folder["lake"], transport);

        Assert.Equal((1, 0), (summary.Blobs.Skipped, summary.Blobs.Failed));
        Assert.Contains("deleted", Assert.Single(summary.Refused).Message, StringComparison.Ordinal);
        Assert.Equal(10, (await Ingests.RowsAsync(_folder["lake"])).Length);
    }

    private static Func<Request, Fault> Dice(int seed, double share, Fault[] faults)
    {
        var random = new Random(seed);
        return request =>
        {
            lock (random)
            {
                if (random.NextDouble() >= share)
                    return Fault.None;
                var fault = faults[random.Next(faults.Length)];

                // Storage answers so only to reads with a condition or a range.
                return fault is Fault.PreconditionFailed or Fault.RangeNotSatisfiable && !request.Headers.TryGetValue("If-Match", out _) ? Fault.None : fault;
            }
        };
    }

    private void Tell(MeteredTransport transport, Stopwatch watch) => output.WriteLine(
        $"{transport.Requests.Count} requests in {watch.Elapsed.TotalSeconds:0.0} s: {string.Join(", ", transport.Faults.OrderBy(f => f.Key).Select(f => $"{f.Value} {f.Key}"))}");
}
