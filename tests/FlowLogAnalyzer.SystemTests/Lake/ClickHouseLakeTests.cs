using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>The Delta table after everything that happens to it, read by an engine that is not ours.</summary>
public sealed class ClickHouseLakeTests : IDisposable
{
    private const string Sums = "count(*), sum(bytes_sent % 1000003), sum(packets_received), count(src_port), count(protocol), count(acl_id), count(encryption), sum(flags), sum(record_index), sum(tuple_index), count(distinct src_ip), count(distinct dst_key)";
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _logs = new();

    private string Logs => _logs.Path;

    private string Table => $"deltaLakeLocal('{_folder["tuples"]}')";

    public void Dispose()
    {
        _folder.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task DuckDB_and_ClickHouse_read_the_same_counts_and_sums()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 3; i++)
            Assert.True((await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"A{i}", Batches.Start.AddHours(7 * i)), 4000, seed: i))).Committed);

        var duck = Duck.Row($"select {Sums}, count(distinct event_date) from {await LakeRows.DuckAsync(lake)}");
        var click = await ClickHouse.RowAsync($"select {Sums}, count(distinct event_date) from deltaLakeLocal('{_folder["tuples"]}')");

        Assert.Equal("12000", duck[0]);
        Assert.Equal("2", duck[^1]);
        Assert.Equal(duck, click);
    }

    [Fact]
    public async Task A_count_filtered_by_time_equals_the_unfiltered_one_restricted_by_hand_in_both_engines()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        // More than one row group, so that skipping row groups can go wrong.
        await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob("A"), 600_000, perRecord: 10_000));
        var (from, to) = ("2026-11-22 10:20:00", "2026-11-22 10:25:30");

        var files = await LakeRows.DuckAsync(lake);
        var duckFiltered = Duck.Row($"select count(*) from {files} where time >= '{from}+00'::timestamptz and time < '{to}+00'::timestamptz")[0];
        var duckByHand = Duck.Row($"select count(*) from (select epoch_ms(time) as ms from {files}) where ms >= epoch_ms('{from}+00'::timestamptz) and ms < epoch_ms('{to}+00'::timestamptz)")[0];
        var table = $"deltaLakeLocal('{_folder["tuples"]}')";
        var bounds = $"time >= toDateTime64('{from}', 3, 'UTC') and time < toDateTime64('{to}', 3, 'UTC')";
        var click = await ClickHouse.QueryAsync(
            $"select count() from {table} where {bounds}",
            $"select countIf({bounds}) from {table}",
            $"select count() from {table} where time >= toDateTime64('2026-11-22 11:30:00', 3, 'UTC')",
            $"select toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time)) from {table}");

        Assert.Equal(duckByHand, duckFiltered);
        Assert.InRange(int.Parse(duckFiltered), 50_000, 60_000);
        Assert.Equal(duckByHand, click[0][0][0]);
        Assert.Equal(duckByHand, click[1][0][0]);
        Assert.Equal("0", click[2][0][0]);
        Assert.Equal(Duck.Row($"select min(epoch_ms(time)), max(epoch_ms(time)) from {files}"), click[3][0]);
    }

    [Theory] // shrunk, rewritten with equal length, rewritten and longer
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(14)]
    public async Task It_counts_the_rows_of_an_ingest_and_of_a_blob_that_was_rewritten(int newRecords)
    {
        LogBlobs.Write(Logs, 2, LogBlobs.Whole(LogBlobs.Records(2, 10)));
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 10)));
        await Ingests.RunAsync(_folder.Path, Logs);
        Assert.Equal("400", await CountAsync());

        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(3, newRecords)), version: 2);
        await Ingests.RunAsync(_folder.Path, Logs);
        Assert.Equal($"{200 + (20 * newRecords)}", await CountAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_reads_a_table_from_its_checkpoint_and_what_follows_it(bool withHint)
    {
        var lake = await FilledAsync(12, 100, new LakeOptions { CheckpointEvery = 5 });
        var before = await lake.Tuples.SnapshotAsync();
        await lake.Tuples.Delta.CommitAsync(before, new DeltaChange("DROP") { Removes = [before.Files.Keys.Order().First()] }, default);
        for (var version = 0; version <= 10; version++)
            File.Delete(_folder[$"tuples/_delta_log/{version:D20}.json"]);
        if (!withHint)
            File.Delete(_folder["tuples/_delta_log/_last_checkpoint"]);

        Assert.Equal("1100", await CountAsync());
    }

    [Fact]
    public async Task It_counts_each_row_once_after_a_compaction_and_after_the_vacuum()
    {
        var lake = await FilledAsync(12, 500);

        await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = new DateOnly(2027, 1, 1) });
        Assert.Equal(["6000", "6000"], await ClickHouse.RowAsync($"select count(), uniqExact(blob, record_index, tuple_index) from {Table}"));

        await new LakeVacuum(lake, TimeProvider.System).RunAsync(new VacuumOptions { Retention = TimeSpan.Zero });
        Assert.Equal("6000", await CountAsync());
    }

    [Fact]
    public async Task It_reads_on_when_the_entries_before_a_checkpoint_are_gone()
    {
        var lake = await FilledAsync(10, 50, new LakeOptions { CheckpointEvery = 4 });
        await new LakeVacuum(lake, TimeProvider.System).RunAsync(new VacuumOptions { Retention = TimeSpan.Zero });
        var later = new ManualTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1));
        await new LakeVacuum(lake, later).RunAsync(new VacuumOptions { Retention = TimeSpan.Zero });
        Assert.Equal(3, Directory.GetFiles(_folder["tuples/_delta_log"], "*.json").Length);

        await LakeRows.AppendAsync(await FlowLake.OpenAsync(_folder.Path), Batches.Make(Batches.Blob("NEW"), 50));
        Assert.Equal("550", await CountAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_sees_no_row_of_a_date_that_retention_dropped(bool archived)
    {
        for (var day = 0; day < 3; day++)
            LogBlobs.Write(Logs, day, LogBlobs.Whole(LogBlobs.Records(day, 5, hour: LogBlobs.Hour.AddDays(day))), 1, LogBlobs.Hour.AddDays(day));
        await Ingests.RunAsync(_folder.Path, Logs);
        var lake = await FlowLake.OpenAsync(_folder.Path);
        var first = DateOnly.FromDateTime(LogBlobs.Hour);
        if (archived)
            await new PositionRetirement(lake, TimeProvider.System).RunAsync(first.AddDays(2));

        await new LakeRetention(lake).RunAsync(first.AddDays(1));

        Assert.Equal("200", await CountAsync());
    }

    private async Task<string> CountAsync() => (await ClickHouse.RowAsync($"select count() from {Table}")).Single();

    /// <summary>A commit per blob, of two dates in turn.</summary>
    private async Task<FlowLake> FilledAsync(int commits, int rows, LakeOptions? options = null)
    {
        var lake = await FlowLake.OpenAsync(_folder.Path, options ?? new LakeOptions());
        for (var i = 0; i < commits; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i:00}", Batches.Start.AddDays(i % 2)), rows, seed: i));
        return lake;
    }
}
