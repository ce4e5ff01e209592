using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

public sealed class TupleLakeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
