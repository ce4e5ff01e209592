namespace FlowLogAnalyzer.Flows;

/// <summary>
/// Batches that were used and may be used again: their arrays are large, and new ones cost as much time as filling them.
/// Keeps a bounded number of rows; for any number of threads.
/// </summary>
public sealed class TupleBatchPool(long maxRows)
{
    private readonly Lock _gate = new();
    private readonly List<TupleBatch> _free = [];
    private long _rows;

    /// <summary>An empty batch with room for about <paramref name="rows"/> rows.</summary>
    public TupleBatch Rent(BlobIdentity blob, int rows)
    {
        if (Take(rows) is not { } batch)
            return new TupleBatch(blob, rows);
        batch.Reset(blob);
        return batch;
    }

    /// <summary>Takes a batch back that nobody reads any more.</summary>
    public void Return(TupleBatch batch)
    {
        lock (_gate)
        {
            if (_rows + batch.Capacity > maxRows)
                return;
            _rows += batch.Capacity;
            _free.Add(batch);
        }
    }

    /// <summary>The smallest that is large enough, but none that would be mostly empty.</summary>
    private TupleBatch? Take(int rows)
    {
        lock (_gate)
        {
            var best = -1;
            for (var i = 0; i < _free.Count; i++)
            {
                var fits = _free[i].Capacity >= rows && _free[i].Capacity <= (2L * rows) + 1024;
                if (fits && (best < 0 || _free[i].Capacity < _free[best].Capacity))
                    best = i;
            }

            if (best < 0)
                return null;
            var batch = _free[best];
            _free.RemoveAt(best);
            _rows -= batch.Capacity;
            return batch;
        }
    }
}
