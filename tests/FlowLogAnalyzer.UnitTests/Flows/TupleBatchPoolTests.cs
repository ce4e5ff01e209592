using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Tests.Flows;

public sealed class TupleBatchPoolTests
{
    private static readonly BlobIdentity Blob = new("a");
    private static readonly BlobIdentity Other = new("b");

    [Fact]
    public void A_batch_that_was_returned_is_used_again_and_knows_nothing_of_before()
    {
        var pool = new TupleBatchPool(10_000);
        var batch = pool.Rent(Blob, 500);
        Fill(batch, 500);
        pool.Return(batch);

        var again = pool.Rent(Other, 400);

        Assert.Same(batch, again);
        Assert.Equal((Other, 0, 0, false, 1), (again.Blob, again.Count, again.Groups.Count, again.HasOther, again.Texts.Count));
        Fill(again, 3);
        Assert.Equal(Values(Filled(Other, 3)), Values(again));
    }

    [Fact]
    public void Groups_and_records_of_a_returned_batch_are_used_again()
    {
        var pool = new TupleBatchPool(10_000);
        var batch = pool.Rent(Blob, 500);
        Fill(batch, 1);
        var (group, record) = (batch.Groups[0], batch.Groups[0].Record);
        pool.Return(batch);
        batch = pool.Rent(Blob, 500);

        Assert.Same(record, batch.NewRecord(7));
        Assert.Same(group, batch.BeginGroup(record));
        Assert.Equal((7, null, QualityFlags.None, null), (record.Index, record.ResourceId, group.Flags, group.Rule));
    }

    [Fact]
    public void Few_rows_move_to_a_small_batch_as_they_are()
    {
        var pool = new TupleBatchPool(100_000);
        var large = pool.Rent(Blob, 16 * 1024);
        Fill(large, 100);

        var small = pool.Fit(large);

        Assert.Equal(128, small.Capacity);
        Assert.Equal(Values(Filled(Blob, 100)), Values(small));
        Assert.Same(large, pool.Rent(Other, 16 * 1024));
        Assert.Empty(large.Rows());
    }

    [Fact]
    public void A_batch_that_is_filled_well_stays()
    {
        var pool = new TupleBatchPool(100_000);
        var batch = pool.Rent(Blob, 1024);
        Fill(batch, 300);

        Assert.Same(batch, pool.Fit(batch));
    }

    [Fact]
    public void More_than_was_asked_for_is_not_kept()
    {
        var pool = new TupleBatchPool(1024);
        var first = pool.Rent(Blob, 1024);
        var second = pool.Rent(Blob, 1024);
        pool.Return(first);
        pool.Return(second);

        var last = pool.Rent(Blob, 1024);

        Assert.Same(second, last);
        Assert.NotSame(first, pool.Rent(Blob, 1024));
    }

    [Fact]
    public void Batches_that_nobody_needs_give_way_to_those_of_another_size()
    {
        var pool = new TupleBatchPool(4096);
        var large = pool.Rent(Blob, 4096);
        pool.Return(large);
        var small = pool.Rent(Blob, 64);
        pool.Return(small);

        Assert.Same(small, pool.Rent(Blob, 64));
        Assert.NotSame(large, pool.Rent(Blob, 4096));
    }

    private static TupleBatch Filled(BlobIdentity blob, int rows)
    {
        var batch = new TupleBatch(blob, 1);
        Fill(batch, rows);
        return batch;
    }

    private static void Fill(TupleBatch batch, int rows)
    {
        var record = batch.NewRecord(3);
        (record.ResourceId, record.Format) = ("nsg", LogFormat.NsgV2);
        var group = batch.BeginGroup(record);
        (group.Rule, group.Flags) = ("rule", QualityFlags.RuleForm);
        for (var i = 0; i < rows; i++)
        {
            batch.Add(
                new TupleValues
                {
                    TimeMs = 1_763_283_600_000 + i,
                    Source = i % 3 == 0 ? IpAddressKey.FromIPv6((UInt128)(i + 1)) : IpAddressKey.FromIPv4((uint)i),
                    Destination = IpAddressKey.FromIPv4(0xF000_0001),
                    SourcePort = i,
                    Protocol = 6,
                    State = FlowState.End,
                    PacketsSent = i,
                    Encryption = i % 5 == 0 ? "NX" : null,
                    Other = i % 7 == 0 ? $"state={i}" : null,
                },
                i);
        }
    }

    private static FlowRow[] Values(TupleBatch batch) => [.. batch.Rows()];
}
