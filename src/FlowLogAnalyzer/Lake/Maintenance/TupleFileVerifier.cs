using System.Collections.Concurrent;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Maintenance;

/// <summary>Reads every row of data files of the table <c>tuples</c> and holds them against what the log says. For any number of threads.</summary>
internal sealed class TupleFileVerifier(TupleTable table, VerificationReport report) : IDisposable
{
    private readonly TupleBatchPool _pool = new(1 << 20);
    private readonly ConcurrentBag<TupleFileDecoder> _decoders = [];

    /// <summary>The rows that are in the file, by blob; null when it cannot be used.</summary>
    public async ValueTask<IReadOnlyDictionary<string, RowSet>?> RunAsync(AddFile file, CancellationToken ct)
    {
        var path = TupleTable.Folder + file.Path;
        if (await table.Files.FindFaultAsync(FileSeal.Of(TupleTable.Folder, file), ct) is { } fault)
        {
            report.Add(LakeProblemKind.DataFile, path, "", $"The file {fault}.", "flowlog lake repair");
            return null;
        }

        if (!_decoders.TryTake(out var decoder))
            decoder = new TupleFileDecoder();
        try
        {
            return await ReadAsync(file, decoder, ct);
        }
        catch (InvalidDataException e)
        {
            report.Add(LakeProblemKind.DataFile, path, "", e.Message, "flowlog lake repair");
            return null;
        }
        finally
        {
            _decoders.Add(decoder);
        }
    }

    public void Dispose()
    {
        foreach (var decoder in _decoders)
            decoder.Dispose();
    }

    private async ValueTask<IReadOnlyDictionary<string, RowSet>> ReadAsync(AddFile file, TupleFileDecoder decoder, CancellationToken ct)
    {
        var (statistics, blobs, strays) = (new FileStatistics(TupleFileWriter.DataColumns), new Dictionary<string, RowSet>(StringComparer.Ordinal), 0L);
        await foreach (var batch in table.Reader.ReadRowsAsync(file, decoder, _pool, ct))
        {
            if (batch.Count == 0)
                continue;
            statistics.Add(Block(batch));
            strays += Count(batch, blobs, TupleTable.PartitionDate(file));
            _pool.Return(batch);
        }

        if (StatisticsCheck.Find(file, statistics) is { } wrong)
            report.Add(LakeProblemKind.Statistics, TupleTable.Folder + file.Path, wrong, "A number in the log is not that of the file: queries may pass over its rows.", "flowlog lake repair");
        if (strays > 0 && FileDigest.Of(file) is not null)
            report.Add(LakeProblemKind.Statistics, TupleTable.Folder + file.Path, FlowColumns.Partition, $"{strays} of its rows are of another date than the log says: queries pass over them.", "flowlog lake repair");
        return blobs;
    }

    /// <summary>Returns how many rows are not of the date.</summary>
    private static long Count(TupleBatch batch, Dictionary<string, RowSet> blobs, string date)
    {
        var (strays, last, set) = (0L, -1, new RowSet());
        for (var row = 0; row < batch.Count; row++)
        {
            var group = batch.RecordOf(row, out var record);
            var blob = batch.BlobOf(group);
            if (batch.Group[row] != last && !blobs.TryGetValue(blob.Key, out set!))
                blobs[blob.Key] = set = new RowSet();
            last = batch.Group[row];
            set.Add(record.Index, batch.TupleIndex[row]);
            strays += UnixTime.DayText(EventDate.Of(batch.TimeMs[row], record.TimeMs, blob.Hour)) == date ? 0 : 1;
        }

        return strays;
    }

    private static ColumnBlock Block(TupleBatch batch)
    {
        var block = new ColumnBlock(TupleFileWriter.DataColumns, batch.Count);
        var rows = new RowRef[batch.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new RowRef(0, i);
        TupleGather.Fill(block, [batch], rows);
        return block;
    }
}
