using System.Numerics;

namespace FlowLogAnalyzer.Flows;

/// <summary>
/// Batches that were used and may be used again: their arrays are large, and new ones cost as much time as filling them.
/// Sizes are powers of two, so that a batch of any blob fits the next one of about its size. For any number of threads.
/// </summary>
/// <param name="maxRows">
/// Room for so many rows is kept, rented batches included: when logs need batches of other sizes than before, those that
/// nobody needs any more give way to them.
/// </param>
public sealed class TupleBatchPool(long maxRows)
{
    private const int SmallestBits = 6;
    private const int MostBits = 31;
    private readonly Lock _gate = new();
    private readonly Stack<TupleBatch>[] _free = [.. Enumerable.Range(0, MostBits + 1).Select(_ => new Stack<TupleBatch>())];
    private long _idle;
    private long _rented;

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
            _rented = Math.Max(0, _rented - batch.Capacity);
            if (_idle + _rented + batch.Capacity > maxRows || batch.Capacity < 1 << SmallestBits)
                return;
            _idle += batch.Capacity;
            _free[BitOperations.Log2((uint)batch.Capacity)].Push(batch);
        }
    }

    /// <summary>The same rows in a batch that they fill better: small blobs wait for their commit by the thousand.</summary>
    public TupleBatch Fit(TupleBatch batch)
    {
        if (CapacityFor(batch.Count) > batch.Capacity / 4)
            return batch;
        var fitting = Rent(batch.Blob, batch.Count);
        batch.MoveTo(fitting);
        Return(batch);
        return fitting;
    }

    private static int Bits(int rows) => Math.Max(SmallestBits, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, rows - 1)));

    /// <summary>The smallest that fits, twice too large at most; null when a new one has to be made.</summary>
    private TupleBatch? Take(int bits)
    {
        lock (_gate)
        {
            if (!_free[bits].TryPop(out var batch) && !_free[Math.Min(MostBits, bits + 1)].TryPop(out batch))
                MakeRoom(1L << bits);
            _idle -= batch?.Capacity ?? 0;
            _rented += batch?.Capacity ?? (1L << bits);
            return batch;
        }
    }

    private void MakeRoom(long rows)
    {
        for (var bits = MostBits; bits >= 0 && _idle + _rented + rows > maxRows;)
        {
            if (_free[bits].TryPop(out var idle))
                _idle -= idle.Capacity;
            else
                bits--;
        }
    }
}
