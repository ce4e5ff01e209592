using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet.Reading;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>Reads data files of the table <c>tuples</c> back, a row group at a time: for compaction and for replacing a blob's rows.</summary>
internal sealed class TupleFileReader(SealedFiles files)
{
    /// <summary>The row groups of a file in order, with the given columns.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public async IAsyncEnumerable<ColumnBlock> ReadAsync(AddFile file, IReadOnlyList<Column> columns, [EnumeratorCancellation] CancellationToken ct)
    {
        var stream = await files.OpenAsync(FileSeal.Of(TupleTable.Folder, file), ct);
        await using var reader = await ParquetBlockReader.OpenAsync((stream, file.Path), columns, ct);
        for (var group = 0; group < reader.GroupCount; group++)
            yield return await reader.ReadAsync(group, ct);
    }

    /// <summary>The rows of a file: through the decoder when our encoder wrote it, else through Parquet.Net.</summary>
    /// <param name="file">As the log has it.</param>
    /// <param name="decoder">Keeps its buffers from one file to the next.</param>
    /// <param name="pool">Gives the batches, which are the caller's.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or holds what a lake cannot hold.</exception>
    public async IAsyncEnumerable<TupleBatch> ReadRowsAsync(AddFile file, TupleFileDecoder decoder, TupleBatchPool pool, [EnumeratorCancellation] CancellationToken ct)
    {
        var path = file.Path;
        await using var stream = await files.OpenAsync(FileSeal.Of(TupleTable.Folder, file), ct);
        if (await decoder.OpenAsync(stream, path, ct) is { } groups)
        {
            for (var group = 0; group < groups.Count; group++)
                yield return await decoder.ReadAsync((stream, path), groups, group, pool, ct);
            yield break;
        }

        await using var reader = await ParquetBlockReader.OpenAsync((stream, path), TupleFileWriter.DataColumns, ct);
        for (var group = 0; group < reader.GroupCount; group++)
            yield return Batch(path, await reader.ReadAsync(group, ct));
    }

    private static TupleBatch Batch(string path, ColumnBlock block)
    {
        try
        {
            return BlockBatch.Of(block);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The data file '{path}' cannot be one of a lake. {e.Message} Nothing was written.", e);
        }
    }
}
