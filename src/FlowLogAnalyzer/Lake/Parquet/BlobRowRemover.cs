using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>Files to take out, the same files without some rows to put in, and how many rows that are. Nothing is committed yet.</summary>
internal sealed record RowRemoval(IReadOnlyList<string> Removes, IReadOnlyList<AddFile> Adds, long Rows)
{
    public static RowRemoval None { get; } = new([], [], 0);
}

/// <summary>Writes anew the files that hold rows of given blobs, without those rows: when a blob was rewritten at its source.</summary>
internal sealed class BlobRowRemover(TupleTable table)
{
    private static readonly Column[] BlobColumn = [.. TupleFileWriter.DataColumns.Where(c => c.Name == "blob")];

    /// <summary>Row groups come one after the other: one batch is used for all of them.</summary>
    private readonly TupleBatchPool _pool = new(maxRows: 1 << 20);

    public async ValueTask<RowRemoval> RemoveAsync(DeltaSnapshot snapshot, IReadOnlySet<string> blobs, CancellationToken ct)
    {
        var adds = new List<AddFile>();
        var removes = new List<string>();
        var rows = 0L;
        var wide = WideFiles.Of(table, snapshot);
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
                adds.Add(wide is not null
                    ? await wide.WithoutBlobsAsync(file, blobs, ct)
                    : await table.Writer.WriteAsync(TupleTable.PartitionDate(file), (encoder, token) => WriteRestAsync(file, blobs, encoder, token), ct));
        }

        return new RowRemoval(removes, adds, rows);
    }

    private async ValueTask<(long Total, long Found)> CountAsync(AddFile file, IReadOnlySet<string> blobs, CancellationToken ct)
    {
        var (total, found) = (0L, 0L);
        await foreach (var block in table.Reader.ReadAsync(file, BlobColumn, ct))
        {
            total += block.Count;
            found += block.Texts(0).AsSpan(0, block.Count).ToArray().LongCount(b => blobs.Contains(b!));
        }

        return (total, found);
    }

    private async ValueTask WriteRestAsync(AddFile file, IReadOnlySet<string> blobs, FlowFileEncoder encoder, CancellationToken ct)
    {
        using var decoder = new TupleFileDecoder();
        await foreach (var batch in table.Reader.ReadRowsAsync(file, decoder, _pool, ct))
        {
            if (Keep(batch, blobs) is { Length: > 0 } runs)
                encoder.Add([batch], runs);
            _pool.Return(batch);
        }
    }

    private static RowRun[] Keep(TupleBatch batch, IReadOnlySet<string> blobs)
    {
        var runs = new List<RowRun>();
        var groups = batch.Group.AsSpan(0, batch.Count);
        for (var start = 0; start < groups.Length;)
        {
            var length = groups[start..].IndexOfAnyExcept(groups[start]);
            if (length < 0)
                length = groups.Length - start;
            if (!blobs.Contains(batch.BlobOf(batch.Groups[groups[start]]).Key))
                runs.Add(new RowRun(0, start, length));
            start += length;
        }

        return [.. runs];
    }
}
