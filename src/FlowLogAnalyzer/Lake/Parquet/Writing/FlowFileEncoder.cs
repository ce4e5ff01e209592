using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

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
    private readonly List<RowGroupEntry> _groups = [];
    private readonly ByteBuffer _footer = new(16 * 1024);

    public FlowFileEncoder(FileEncoderOptions? options = null)
    {
        _options = options ?? new FileEncoderOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.RowGroupRows, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.RowGroupRows, FileEncoderOptions.MostRowGroupRows / 2, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.PageRows, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.PageRows, FileEncoderOptions.MostPageRows, nameof(options));
        _writer = new ChunkWriter(_options);
    }

    /// <summary>
    /// Writes a whole file with the rows in the given order (sort by time for readers to prune well). The stream is
    /// written from where it stands and neither flushed nor closed.
    /// </summary>
    public EncodedFile Write(Stream output, IReadOnlyList<TupleBatch> batches, ReadOnlySpan<RowRef> rows)
    {
        Begin(output);
        Add(batches, rows);
        return End();
    }

    /// <summary>Starts a file whose rows come in several parts; one that was not ended is forgotten.</summary>
    public void Begin(Stream output)
    {
        _groups.Clear();
        _writer.Begin(output);
        _writer.WriteRaw(FooterWriter.Magic);
    }

    /// <summary>Writes rows as one or more row groups.</summary>
    public void Add(IReadOnlyList<TupleBatch> batches, ReadOnlySpan<RowRef> rows)
    {
        _input.Begin(batches);
        try
        {
            for (var start = 0; start < rows.Length; start += _options.RowGroupRows)
                AddRowGroup(rows.Slice(start, Math.Min(_options.RowGroupRows, rows.Length - start)));
        }
        finally
        {
            _input.End();
        }
    }

    /// <summary>As <see cref="Add(IReadOnlyList{TupleBatch}, ReadOnlySpan{RowRef})"/>, for rows that lie together: much faster when the runs are long.</summary>
    internal void Add(IReadOnlyList<TupleBatch> batches, ReadOnlySpan<RowRun> runs)
    {
        _input.Begin(batches);
        try
        {
            var used = 0;
            var size = EvenSize(runs);
            while (!runs.IsEmpty)
            {
                _input.Load(ref runs, ref used, size);
                EncodeRowGroup();
            }
        }
        finally
        {
            _input.End();
        }
    }

    /// <summary>Row groups of equal size: a small one at the end would repeat the dictionaries for few rows.</summary>
    private int EvenSize(ReadOnlySpan<RowRun> runs)
    {
        var rows = 0L;
        foreach (var run in runs)
            rows += run.Length;
        var groups = Math.Max(1, (rows + (_options.RowGroupRows / 2)) / _options.RowGroupRows);
        return (int)Math.Max(1, (rows + groups - 1) / groups);
    }

    /// <summary>Writes the footer.</summary>
    public EncodedFile End()
    {
        _footer.Clear();
        FooterWriter.Write(_footer, _groups);
        _writer.WriteRaw(_footer.Written);
        _writer.End();
        return new EncodedFile(_groups.Sum(g => (long)g.Rows), _writer.Position, [.. FileColumn.All.Select(Statistics)]);
    }

    public void Dispose() => _writer.Dispose();

    private void AddRowGroup(ReadOnlySpan<RowRef> rows)
    {
        _input.Load(rows);
        EncodeRowGroup();
    }

    private void EncodeRowGroup()
    {
        foreach (var encoder in _encoders)
            encoder.Encode(_input, _writer);
        _groups.Add(new RowGroupEntry(_input.Rows, _writer.TakeChunks()));
    }

    private ColumnStatistics Statistics(FileColumn column)
    {
        var nulls = 0L;
        ValueRange? range = null;
        foreach (var group in _groups)
        {
            nulls += group.Chunks[column.Index].Nulls;
            range = ValueRange.Union(range, group.Chunks[column.Index].Range);
        }

        return new ColumnStatistics(column.Column, nulls, range?.MinValue(column.Column.Type), range?.MaxValue(column.Column.Type));
    }
}
