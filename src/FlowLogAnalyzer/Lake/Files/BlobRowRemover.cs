using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Lake.Files;

/// <summary>Files to take out, the same files without some rows to put in, and how many rows that are. Nothing is committed yet.</summary>
internal sealed record RowRemoval(IReadOnlyList<string> Removes, IReadOnlyList<AddFile> Adds, long Rows)
{
    public static RowRemoval None { get; } = new([], [], 0);
}

/// <summary>Writes anew the files that hold rows of given blobs, without those rows: when a blob was rewritten at its source.</summary>
internal sealed class BlobRowRemover(TupleTable table)
{
    private static readonly Column[] BlobColumn = [.. TupleFileWriter.DataColumns.Where(c => c.Name == "blob")];
    private static readonly int BlobIndex = TupleFileWriter.DataColumns.Select((c, i) => (c, i)).First(c => c.c.Name == "blob").i;

    public async ValueTask<RowRemoval> RemoveAsync(DeltaSnapshot snapshot, IReadOnlySet<string> blobs, CancellationToken ct)
    {
        var adds = new List<AddFile>();
        var removes = new List<string>();
        var rows = 0L;
        foreach (var file in snapshot.Files.Values.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            var facts = FileFacts.Of(file);
            if (!blobs.Any(facts.MayHoldBlob))
                continue;

            var (total, found) = await CountAsync(file, blobs, ct);
            if (found == 0)
                continue;

            removes.Add(file.Path);
            rows += found;
            if (found < total)
                adds.Add(await table.Writer.WriteAsync(TupleTable.PartitionDate(file), RestAsync(file, blobs, ct), ct));
        }

        return new RowRemoval(removes, adds, rows);
    }

    private async ValueTask<(long Total, long Found)> CountAsync(AddFile file, IReadOnlySet<string> blobs, CancellationToken ct)
    {
        var (total, found) = (0L, 0L);
        await foreach (var block in table.Reader.ReadAsync(file.Path, BlobColumn, ct))
        {
            total += block.Count;
            found += block.Texts(0).AsSpan(0, block.Count).ToArray().LongCount(b => blobs.Contains(b!));
        }

        return (total, found);
    }

    private async IAsyncEnumerable<ColumnBlock> RestAsync(AddFile file, IReadOnlySet<string> blobs, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var block in table.Reader.ReadAsync(file.Path, null, ct))
        {
            var texts = block.Texts(BlobIndex);
            int[] keep = [.. Enumerable.Range(0, block.Count).Where(i => !blobs.Contains(texts[i]!))];
            if (keep.Length == 0)
                continue;

            var rest = new ColumnBlock(block.Columns, keep.Length);
            rest.Append(block, keep);
            yield return rest;
        }
    }
}
