using System.Collections.Concurrent;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Parquet.Reading;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>
/// Writes the rows of several files of a date into one. All of them are in memory as arrays (about 80 bytes a row, up to
/// twice that where the arrays are not full), so that records are put in order as whole pieces. For any number of threads.
/// </summary>
internal sealed class FileMerger(TupleTable table, long maxRows) : IDisposable
{
    private readonly TupleBatchPool _pool = new(maxRows);

    /// <summary>As many as files were ever read at the same time: their buffers are used again and again.</summary>
    private readonly ConcurrentBag<TupleFileDecoder> _decoders = [];

    /// <summary>The merged file, which is not committed yet.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public async ValueTask<AddFile> MergeAsync(IReadOnlyList<AddFile> files, CancellationToken ct)
    {
        if (!_decoders.TryTake(out var decoder))
            decoder = new TupleFileDecoder();
        var batches = new List<TupleBatch>();
        try
        {
            foreach (var file in files)
                await LoadAsync(file, decoder, batches, ct);
        }
        finally
        {
            _decoders.Add(decoder);
        }

        var merged = await table.Writer.WriteAsync(TupleTable.PartitionDate(files[0]), batches, TupleSort.Whole(batches), ct);
        foreach (var batch in batches)
            _pool.Return(batch);
        return merged;
    }

    public void Dispose()
    {
        foreach (var decoder in _decoders)
            decoder.Dispose();
    }

    private async ValueTask LoadAsync(AddFile file, TupleFileDecoder decoder, List<TupleBatch> batches, CancellationToken ct)
    {
        var rows = 0L;
        await foreach (var batch in table.Reader.ReadRowsAsync(file, decoder, _pool, ct))
        {
            batches.Add(batch);
            rows += batch.Count;
        }

        if (FileFacts.Of(file).Rows is { } said && said != rows)
            throw new InvalidDataException($"The data file '{file.Path}' has {rows} rows, the log says {said}. Nothing was written. `flowlog lake repair` has its rows read again.");
    }
}
