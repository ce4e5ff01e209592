using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

public sealed class TupleLakeTests : IDisposable
{
    private const string Sums = "count(*), sum(bytes_sent % 1000003), sum(packets_received), count(src_port), count(protocol), count(acl_id), count(encryption), sum(flags), sum(record_index), sum(tuple_index), count(distinct src_ip), count(distinct dst_key)";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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

    [Fact]
    public async Task Files_are_ruled_out_by_time()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob("A"), 1000));
        await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob("B", Batches.Start.AddHours(5)), 1000));

        Assert.Equal(2, (await lake.Tuples.GetActiveFilesAsync()).Count);
        var late = Assert.Single(await lake.Tuples.GetActiveFilesAsync(Batches.Start.AddHours(4)));
        var early = Assert.Single(await lake.Tuples.GetActiveFilesAsync(null, Batches.Start.AddHours(4)));
        Assert.True(early.MaxTime < late.MinTime);
        Assert.Equal(1000, early.Rows);
        Assert.Empty(await lake.Tuples.GetActiveFilesAsync(Batches.Start.AddHours(1.5), Batches.Start.AddHours(4)));
    }

    [Fact]
    public async Task Rows_of_a_file_are_sorted_by_minute_of_the_record_then_NIC_then_as_in_the_log()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob("B"), 5000, seed: 4), Batches.Make(Batches.Blob("A"), 5000, seed: 3));

        var rows = Duck.Query($"select date_trunc('minute', record_time), mac, blob, record_index, tuple_index from {await LakeRows.DuckAsync(lake)}")
            .Select(r => ((DateTime)r[0]!, (string)r[1]!, (string)r[2]!, (int)r[3]!, (int)r[4]!)).ToList();

        Assert.Equal(10_000, rows.Count);
        Assert.Equal(
            rows.OrderBy(r => r.Item1).ThenBy(r => r.Item2, StringComparer.Ordinal).ThenBy(r => r.Item3, StringComparer.Ordinal).ThenBy(r => r.Item4).ThenBy(r => r.Item5),
            rows);
    }

    [Fact]
    public async Task Every_value_of_a_row_comes_back_as_it_was_or_as_null()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        var batch = Batches.Make(Batches.Blob("A"), 500);
        await LakeRows.AppendAsync(lake, batch);

        var rows = Duck.Query($"select record_index, tuple_index, epoch_ms(time), src_ip, src_port, bytes_sent, state, other, dst_key, epoch_ms(record_time), epoch_ms(blob_hour), flags, mac from {await LakeRows.DuckAsync(lake)}");

        Assert.Equal(500, rows.Count);
        foreach (var row in rows)
        {
            var i = ((int)row[0]! * 50) + (int)row[1]!;
            var group = batch.RecordOf(i, out var record);
            object?[] expected =
            [
                record.Index, batch.TupleIndex[i], batch.TimeMs[i], batch.Addresses.Text(batch.Source[i]), batch.SourcePort[i] < 0 ? null : batch.SourcePort[i],
                batch.BytesSent[i] < 0 ? null : batch.BytesSent[i], FlowLogAnalyzer.Flows.FlowWords.Word(batch.State[i]), batch.Texts[batch.Other[i]], batch.Addresses.Hex(batch.Destination[i]),
                record.TimeMs, Batches.Ms(Batches.Start), (int)batch.Flags[i], record.Mac,
            ];
            Assert.Equal(expected, row);
        }
    }
}
