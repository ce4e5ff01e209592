using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.OtherEngines;

/// <summary>Data files in forms that flowlog does not write: DuckDB writes them here, and the log names them.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Lake => _folder["lake"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("event_date=2026-11-20/part-00000-a.c000.gz.parquet", "compression gzip")]
    [InlineData("event_date=2026-11-20/part-00000-b.c000.zstd.parquet", "compression zstd")]
    [InlineData("event_date=2026-11-20/part-00000-c.parquet", "compression uncompressed")]
    [InlineData("bucket/00ab/part-00000-d.c000.snappy.parquet", "compression snappy")] // its path does not say the partition
    public async Task Rows_stay_what_they_are_when_their_file_is_another_engines(string path, string form)
    {
        var logs = _folder["logs"];
        LogBlobs.Write(logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 3)));
        LogBlobs.Write(logs, 2, LogBlobs.Whole(LogBlobs.Records(2, 3)));
        await Ingests.RunAsync(Lake, logs);
        var sums = await LakeSums.OfAsync(Lake);
        await RewriteAsync(path, form);
        Assert.Equal(sums, await LakeSums.OfAsync(Lake));

        // One blob grows into a file of its own, the other one's rows are replaced.
        LogBlobs.Write(logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 5)), version: 2);
        LogBlobs.Write(logs, 2, LogBlobs.Whole(LogBlobs.Records(9, 2)), version: 2);
        Assert.Equal(60, (await Ingests.RunAsync(Lake, logs)).RowsReplaced);
        await new LakeCompactor(await FlowLake.OpenAsync(Lake), TimeProvider.System).RunAsync(new CompactOptions { Before = new DateOnly(2100, 1, 1) });

        Assert.Single((await (await FlowLake.OpenAsync(Lake)).Tuples.SnapshotAsync()).Files);
        Assert.Equal(await Ingests.CleanRowsAsync(logs), await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task A_form_that_only_queries_read_is_named_by_a_compaction_and_nothing_is_lost()
    {
        var logs = _folder["logs"];
        LogBlobs.Write(logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 3)));
        LogBlobs.Write(logs, 2, LogBlobs.Whole(LogBlobs.Records(2, 3)));
        await Ingests.RunAsync(Lake, logs);
        var sums = await LakeSums.OfAsync(Lake);
        await RewriteAsync("event_date=2026-11-20/part-00000-e.parquet", "parquet_version v2"); // times in DELTA_BINARY_PACKED
        Assert.Equal(sums, await LakeSums.OfAsync(Lake));
        LogBlobs.Write(logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 5)), version: 2);
        await Ingests.RunAsync(Lake, logs);
        var rows = await Ingests.RowsAsync(Lake);

        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await new LakeCompactor(await FlowLake.OpenAsync(Lake), TimeProvider.System).RunAsync(new CompactOptions { Before = new DateOnly(2100, 1, 1) }));

        Assert.Contains("part-00000-e.parquet' is in a form that flowlog cannot write anew", error.Message, StringComparison.Ordinal);
        Assert.Equal(rows, await Ingests.RowsAsync(Lake));
    }

    private async Task RewriteAsync(string path, string form)
    {
        var lake = await FlowLake.OpenAsync(Lake);
        var snapshot = await lake.Tuples.SnapshotAsync();
        var old = Assert.Single(snapshot.Files.Values);
        var target = _folder[$"lake/tuples/{path}"];
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        Duck.Query($"copy (select * exclude (event_date) from read_parquet('{_folder[$"lake/tuples/{old.Path}"]}', hive_partitioning = true) order by src_ip, bytes_sent) to '{target}' (format parquet, {form})");
        var change = new DeltaChange("OPTIMIZE")
        {
            Adds = [new AddFile(path, old.PartitionValues, new FileInfo(target).Length, 0) { Stats = "{\"numRecords\":120}" }],
            Removes = [old.Path],
            DataChange = false,
        };
        Assert.True((await lake.Tuples.Delta.CommitAsync(snapshot, change, default)).Committed);
    }
}
