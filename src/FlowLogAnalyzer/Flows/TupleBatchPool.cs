using System.Numerics;

namespace FlowLogAnalyzer.Flows;

/// <summary>
/// Batches that were used and may be used again: their arrays are large, and new ones cost as much time as filling them.
/// Sizes are powers of two, so that a batch of any blob fits the next one of about its size. Keeps a bounded number of
/// rows; for any number of threads.
/// </summary>
public sealed class TupleBatchPool(long maxRows)
{
    private const int SmallestBits = 6;
    private readonly Lock _gate = new();
    private readonly Stack<TupleBatch>[] _free = [.. Enumerable.Range(0, 31).Select(_ => new Stack<TupleBatch>())];
    private long _rows;

    /// <summary>The capacity of a batch that is rented for so many rows.</summary>
    public static int CapacityFor(int rows) => 1 << Bits(rows);

    /// <summary>An empty batch with room for at least <paramref name="rows"/> rows.</summary>
    public TupleBatch Rent(BlobIdentity blob, int rows)
    {
        if (Take(Bits(rows)) is not { } batch)
            return new TupleBatch(blob, CapacityFor(rows));
        batch.Reset(blob);
        return batch;
    }

    /// <summary>Takes a batch back that nobody reads any more.</summary>
    public void Return(TupleBatch batch)
    {
        lock (_gate)
        {
            if (_rows + batch.Capacity > maxRows || batch.Capacity < 1 << SmallestBits)
                return;
            _rows += batch.Capacity;
            _free[BitOperations.Log2((uint)batch.Capacity)].Push(batch);
        }
    }

    /// <summary>The same rows in a batch of the size they need: small blobs wait for their commit by the thousand.</summary>
    public TupleBatch Fit(TupleBatch batch)
    {
        if (CapacityFor(batch.Count) >= batch.Capacity)
            return batch;
        var fitting = Rent(batch.Blob, batch.Count);
        batch.MoveTo(fitting);
        Return(batch);
        return fitting;
    }

    private static int Bits(int rows) => Math.Max(SmallestBits, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, rows - 1)));

    private TupleBatch? Take(int bits)
    {
        lock (_gate)
        {
            if (!_free[bits].TryPop(out var batch))
                return null;
            _rows -= batch.Capacity;
            return batch;
        }
    }
}
