using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Files;

/// <summary>Reads data files of the table <c>tuples</c> back, a row group at a time: for compaction and for replacing a blob's rows.</summary>
internal sealed class TupleFileReader(ILakeStore store)
{
    /// <summary>The row groups of a file (path as in the log) in order, with the given columns; null = all that a file holds.</summary>
    public async IAsyncEnumerable<ColumnBlock> ReadAsync(string path, IReadOnlyList<Column>? columns, [EnumeratorCancellation] CancellationToken ct)
    {
        var stream = await store.OpenReadAsync(TupleTable.Folder + path, ct);
        await using var reader = await ParquetBlockReader.OpenAsync(stream, columns ?? TupleFileWriter.DataColumns, ct);
        for (var group = 0; group < reader.GroupCount; group++)
            yield return await reader.ReadAsync(group, ct);
    }
}
