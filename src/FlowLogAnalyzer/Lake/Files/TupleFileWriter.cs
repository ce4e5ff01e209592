using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;
using Parquet;

namespace FlowLogAnalyzer.Lake.Files;

/// <summary>
/// Writes data files of the table <c>tuples</c>: the one place that knows how a row becomes bytes. A file belongs to one
/// partition, is sorted by time and then NIC, and is invisible until its <see cref="AddFile"/> is committed.
/// </summary>
public sealed class TupleFileWriter(ILakeStore store, TimeProvider time, CompressionMethod compression = CompressionMethod.Snappy)
{
    /// <summary>Small enough to skip by time, large enough to compress; 250 thousand to a million are all fine for DuckDB.</summary>
    public const int RowsPerGroup = 256 * 1024;

    /// <summary>The columns inside a file: the partition column is in its path.</summary>
    public static IReadOnlyList<Column> DataColumns { get; } = [.. FlowColumns.All.Where(c => c.Name != FlowColumns.Partition)];

    /// <summary>Writes all rows of <paramref name="batches"/>, one file per date.</summary>
    public async ValueTask<IReadOnlyList<AddFile>> WriteAsync(IReadOnlyList<TupleBatch> batches, CancellationToken ct)
    {
        var files = new List<AddFile>();
        try
        {
            foreach (var part in TupleSort.ByDate(batches))
                files.Add(await WriteAsync(UnixTime.DayText(part.Day), Blocks(batches, part.Rows), ct));
            return files;
        }
        catch
        {
            await DeleteAsync(files);
            throw;
        }
    }

    /// <summary>Deletes files that will never be committed.</summary>
    public async ValueTask DeleteAsync(IEnumerable<AddFile> files)
    {
        foreach (var file in files)
            await store.DeleteAsync(TupleTable.Folder + file.Path, CancellationToken.None);
    }

    /// <summary>Writes one file from blocks that are already in order; a block becomes a row group and may be reused for the next.</summary>
    internal async ValueTask<AddFile> WriteAsync(string date, IAsyncEnumerable<ColumnBlock> blocks, CancellationToken ct)
    {
        var statistics = new FileStatistics(DataColumns);
        var path = $"{FlowColumns.Partition}={date}/part-{Guid.CreateVersion7(time.GetUtcNow()):N}.parquet";
        var size = await store.WriteNewAsync(TupleTable.Folder + path, (stream, token) => WriteBlocksAsync(stream, blocks, statistics, token), ct);
        return new AddFile(path, new Dictionary<string, string?> { [FlowColumns.Partition] = date }, size, time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            Stats = statistics.ToJson(),
        };
    }

    private async ValueTask WriteBlocksAsync(Stream stream, IAsyncEnumerable<ColumnBlock> blocks, FileStatistics statistics, CancellationToken ct)
    {
        await using var writer = await ParquetBlockWriter.CreateAsync(stream, DataColumns, compression, ct);
        await foreach (var block in blocks.WithCancellation(ct))
        {
            statistics.Add(block);
            await writer.WriteAsync(block, ct);
        }
    }

    private static async IAsyncEnumerable<ColumnBlock> Blocks(IReadOnlyList<TupleBatch> batches, RowRef[] rows)
    {
        await Task.CompletedTask;
        var block = new ColumnBlock(DataColumns, Math.Min(RowsPerGroup, rows.Length));
        for (var start = 0; start < rows.Length; start += RowsPerGroup)
        {
            TupleGather.Fill(block, batches, rows.AsSpan(start, Math.Min(RowsPerGroup, rows.Length - start)));
            yield return block;
        }
    }
}
