using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>
/// Writes data files of the table <c>tuples</c>: Parquet for this one schema, straight from the arrays of the batches.
/// Keeps its buffers between files, so make one per worker and use it for many files; not for several threads at once.
/// The same rows give the same bytes.
/// </summary>
public sealed class FlowFileEncoder : IDisposable
{
    private readonly FileEncoderOptions _options;
    private readonly ColumnEncoder[] _encoders = ColumnEncoders.Create();
    private readonly RowGroupInput _input = new();
    private readonly ChunkWriter _writer;

    public FlowFileEncoder(FileEncoderOptions? options = null)
    {
        _options = options ?? new FileEncoderOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.RowGroupRows, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.PageRows, 1, nameof(options));
        _writer = new ChunkWriter(_options);
    }

    /// <summary>
    /// Writes a whole file with the rows in the given order (sort by time for readers to prune well). The stream is
    /// written from where it stands and neither flushed nor closed.
    /// </summary>
    public EncodedFile Write(Stream output, IReadOnlyList<TupleBatch> batches, ReadOnlySpan<RowRef> rows)
    {
        List<RowGroupEntry> groups = [];
        _writer.Begin(output);
        _input.Begin(batches);
        try
        {
            _writer.WriteRaw(FooterWriter.Magic);
            for (var start = 0; start < rows.Length; start += _options.RowGroupRows)
                groups.Add(WriteRowGroup(rows.Slice(start, Math.Min(_options.RowGroupRows, rows.Length - start))));
        }
        finally
        {
            _input.End();
        }

        var footer = new ByteBuffer();
        FooterWriter.Write(footer, groups, _options.Compression);
        _writer.WriteRaw(footer.Written);
        return new EncodedFile(rows.Length, _writer.Position, [.. FileColumn.All.Select(c => Statistics(c, groups))]);
    }

    public void Dispose() => _writer.Dispose();

    private RowGroupEntry WriteRowGroup(ReadOnlySpan<RowRef> rows)
    {
        _input.Load(rows);
        foreach (var encoder in _encoders)
            encoder.Encode(_input, _writer);
        return new RowGroupEntry(rows.Length, _writer.TakeChunks());
    }

    private static ColumnStatistics Statistics(FileColumn column, List<RowGroupEntry> groups)
    {
        var chunks = groups.Select(g => g.Chunks[column.Index]);
        var range = chunks.Select(c => c.Range).Aggregate((ValueRange?)null, ValueRange.Union);
        return new ColumnStatistics(
            column.Column, chunks.Sum(c => c.Nulls), range?.MinValue(column.Column.Type), range?.MaxValue(column.Column.Type));
    }
}
