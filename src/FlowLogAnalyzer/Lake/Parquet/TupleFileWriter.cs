using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet.Writing;
using FlowLogAnalyzer.Lake.Storage;
using Parquet;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>
/// Writes data files of the table <c>tuples</c>: the one place that knows how a row becomes bytes. A file belongs to one
/// partition, is sorted by the minute of the record and then NIC, and is invisible until its <see cref="AddFile"/> is committed.
/// </summary>
public sealed class TupleFileWriter(ILakeStore store, TimeProvider time, CompressionMethod compression = CompressionMethod.Snappy)
{
    private readonly FileEncoderOptions _options = new() { Compression = Codec(compression) };

    /// <summary>Encoders keep large buffers: as many as files were ever written at the same time, used again and again.</summary>
    private readonly ConcurrentBag<FlowFileEncoder> _encoders = [];

    private readonly ConcurrentBag<TupleSort> _sorts = [];

    /// <summary>The columns inside a file: the partition column is in its path.</summary>
    public static IReadOnlyList<Column> DataColumns { get; } = [.. FlowColumns.All.Where(c => c.Name != FlowColumns.Partition)];

    /// <summary>Writes all rows of <paramref name="batches"/>, one file per date.</summary>
    public async ValueTask<IReadOnlyList<AddFile>> WriteAsync(IReadOnlyList<TupleBatch> batches, CancellationToken ct)
    {
        var files = new List<AddFile>();
        if (!_sorts.TryTake(out var sort))
            sort = new TupleSort();
        try
        {
            foreach (var part in sort.ByDate(batches))
                files.Add(await WriteAsync(UnixTime.DayText(part.Day), batches, part.Runs, ct));
            _sorts.Add(sort);
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

    /// <summary>Writes rows of one date, in the order given, as one file.</summary>
    internal ValueTask<AddFile> WriteAsync(string date, IReadOnlyList<TupleBatch> batches, List<RowRun> runs, CancellationToken ct) => WriteAsync(
        date,
        (encoder, _) =>
        {
            encoder.Add(batches, CollectionsMarshal.AsSpan(runs));
            return ValueTask.CompletedTask;
        },
        ct);

    /// <summary>Writes one file of rows of one date; what is added to the encoder is already in order.</summary>
    internal async ValueTask<AddFile> WriteAsync(string date, Func<FlowFileEncoder, CancellationToken, ValueTask> fill, CancellationToken ct)
    {
        var path = NewPath(date);
        if (!_encoders.TryTake(out var encoder))
            encoder = new FlowFileEncoder(_options);
        EncodedFile? file = null;
        var digest = "";
        var size = await store.WriteNewAsync(
            TupleTable.Folder + path,
            async (stream, token) =>
            {
                await using var hashed = new DigestStream(stream);
                encoder.Begin(hashed);
                await fill(encoder, token);
                file = encoder.End();
                digest = hashed.Digest;
            },
            ct);
        _encoders.Add(encoder);
        return Add(path, date, (size, digest), FileStatistics.ToJson(file!.Rows, file.Columns));
    }

    /// <summary>Writes one file of rows of one date from blocks with the given columns, which may be more than those of a tuple.</summary>
    internal async ValueTask<AddFile> WriteBlocksAsync(string date, IReadOnlyList<Column> columns, Func<CancellationToken, IAsyncEnumerable<ColumnBlock>> blocks, CancellationToken ct)
    {
        var path = NewPath(date);
        var statistics = new FileStatistics(columns);
        var digest = "";
        var size = await store.WriteNewAsync(
            TupleTable.Folder + path,
            async (stream, token) =>
            {
                await using var hashed = new DigestStream(stream);
                await using (var writer = await ParquetBlockWriter.CreateAsync(hashed, columns, compression, token))
                {
                    await foreach (var block in blocks(token))
                    {
                        statistics.Add(block);
                        await writer.WriteAsync(block, token);
                    }
                }

                digest = hashed.Digest;
            },
            ct);
        return Add(path, date, (size, digest), statistics.ToJson());
    }

    private string NewPath(string date) => $"{FlowColumns.Partition}={date}/part-{Guid.CreateVersion7(time.GetUtcNow()):N}.parquet";

    private AddFile Add(string path, string date, (long Size, string Digest) content, string statistics) =>
        new(path, new Dictionary<string, string?> { [FlowColumns.Partition] = date }, content.Size, time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            Stats = statistics,
            Tags = FileDigest.Tags(content.Digest),
        };

    private static FileCompression Codec(CompressionMethod method) => method switch
    {
        CompressionMethod.None => FileCompression.None,
        CompressionMethod.Snappy => FileCompression.Snappy,
        CompressionMethod.Zstd => FileCompression.Zstd,
        _ => throw new NotSupportedException($"Data files are compressed with None, Snappy or Zstd, not with {method}."),
    };
}
