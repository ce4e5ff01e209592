namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Writes the column chunks of a row group to the file: dictionary page, data pages, and what the footer will say.</summary>
internal sealed class ChunkWriter(FileEncoderOptions options) : IDisposable
{
    /// <summary>Below this many entries a dictionary is kept, however few the rows.</summary>
    private const int SmallDictionary = 1024;

    private readonly PageWriter _pageWriter = new(options.Compression);
    private readonly PageBodies _bodies = new();
    private readonly ByteBuffer _pages = new();
    private readonly ByteBuffer _dictionaryPage = new();
    private readonly CodeRuns _pageRuns = new();
    private readonly ColumnChunk?[] _chunks = new ColumnChunk?[FileColumn.All.Count];
    private Stream _output = Stream.Null;
    private int[] _expanded = [];
    private (ParquetEncoding Encoding, int Rows, int Nulls, int Pages, long Uncompressed) _state;

    /// <summary>Bytes of the file so far.</summary>
    public long Position { get; private set; }

    public void Begin(Stream output)
    {
        _output = output;
        Position = 0;
        Array.Clear(_chunks);
    }

    /// <summary>Lets go of the stream.</summary>
    public void End() => _output = Stream.Null;

    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        Position += bytes.Length;
    }

    /// <summary>The chunks written since the last call, in the order of the schema.</summary>
    public ColumnChunk[] TakeChunks()
    {
        var missing = Array.IndexOf(_chunks, null);
        if (missing >= 0)
            throw new InvalidOperationException($"No encoder wrote the column {FileColumn.All[missing].Name}.");
        ColumnChunk[] chunks = [.. _chunks!];
        Array.Clear(_chunks);
        return chunks;
    }

    /// <summary>False when so many values differ that a dictionary would only cost.</summary>
    public bool Pays(ChunkDictionary dictionary, int rows)
        => dictionary.Size <= options.MaxDictionaryBytes && (dictionary.Count <= SmallDictionary || dictionary.Count <= rows / 4 * 3);

    public void WriteCodes(FileColumn column, ReadOnlySpan<int> codes, ChunkDictionary dictionary)
    {
        var pays = Pays(dictionary, codes.Length);
        BeginPages(dictionary.Count == 0 ? ParquetEncoding.Plain : pays ? ParquetEncoding.RleDictionary : WithoutDictionary(column));
        for (var rest = codes; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, options.PageRows)..])
        {
            var page = rest[..Math.Min(rest.Length, options.PageRows)];
            EndPage(page.Length, PageBody(column, page, dictionary));
        }

        Finish(column, pays ? dictionary : null, dictionary.Range);
    }

    public void WriteRuns(FileColumn column, CodeRuns runs, int rows, ChunkDictionary dictionary)
    {
        if (dictionary.Count == 0 || !Pays(dictionary, rows) || runs.Count > rows / 4)
        {
            if (_expanded.Length < rows)
                _expanded = new int[Math.Max(rows, options.RowGroupRows)];
            runs.Expand(_expanded);
            WriteCodes(column, _expanded.AsSpan(0, rows), dictionary);
            return;
        }

        BeginPages(ParquetEncoding.RleDictionary);
        var place = (0, 0);
        for (var done = 0; done < rows; done += options.PageRows)
        {
            var size = Math.Min(options.PageRows, rows - done);
            _pageRuns.Take(runs, ref place, size);
            EndPage(size, _bodies.Indices(column, _pageRuns));
        }

        Finish(column, dictionary, dictionary.Range);
    }

    /// <summary>Writes a chunk without a single value.</summary>
    public void WriteNulls(FileColumn column, int rows)
    {
        BeginPages(ParquetEncoding.Plain);
        for (var done = 0; done < rows; done += options.PageRows)
        {
            var size = Math.Min(options.PageRows, rows - done);
            _bodies.Nulls(column, size);
            EndPage(size, size);
        }

        Finish(column, null, null);
    }

    /// <summary>Writes the data pages of the chunk before once more: the rows have the same codes in another dictionary.</summary>
    public void WriteSamePages(FileColumn column, ChunkDictionary dictionary) => Finish(column, dictionary, dictionary.Range);

    public void WriteDeltas(FileColumn column, ReadOnlySpan<long> numbers)
    {
        BeginPages(ParquetEncoding.DeltaBinaryPacked);
        ValueRange? range = null;
        for (var rest = numbers; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, options.PageRows)..])
        {
            var page = rest[..Math.Min(rest.Length, options.PageRows)];
            EndPage(page.Length, _bodies.Deltas(column, page, ref range));
        }

        Finish(column, null, range);
    }

    public void Dispose() => _pageWriter.Dispose();

    private int PageBody(FileColumn column, ReadOnlySpan<int> codes, ChunkDictionary dictionary) => (_state.Encoding, dictionary) switch
    {
        (ParquetEncoding.RleDictionary, _) => _bodies.Indices(column, codes),
        (_, TextValues texts) => _bodies.Plain(column, codes, texts),
        (ParquetEncoding.DeltaBinaryPacked, NumberValues numbers) => _bodies.Deltas(column, codes, numbers),
        (_, NumberValues { Count: > 0 } times) => _bodies.Plain(column, codes, times),
        _ => _bodies.Nulls(column, codes.Length),
    };

    private static ParquetEncoding WithoutDictionary(FileColumn column)
        => column.Column.Type is ColumnType.String or ColumnType.Timestamp ? ParquetEncoding.Plain : ParquetEncoding.DeltaBinaryPacked;

    private void BeginPages(ParquetEncoding encoding)
    {
        _pages.Clear();
        _pageWriter.BeginChunk();
        _state = (encoding, 0, 0, 0, 0);
    }

    private void EndPage(int rows, int nulls)
    {
        // Packed differences are about as small as they get; what a dictionary points to repeats.
        if (_state is { Encoding: ParquetEncoding.DeltaBinaryPacked, Pages: 0 })
            _pageWriter.Judge(_bodies.Body.Written);
        var size = _pageWriter.WriteData(_pages, _bodies.Body.Written, rows, _state.Encoding);
        _state = (_state.Encoding, _state.Rows + rows, _state.Nulls + nulls, _state.Pages + 1, _state.Uncompressed + size);
    }

    private void Finish(FileColumn column, ChunkDictionary? dictionary, ValueRange? range)
    {
        var start = Position;
        var uncompressed = _state.Uncompressed;
        var hasDictionary = dictionary is { Count: > 0 };
        if (hasDictionary)
        {
            _bodies.Body.Clear();
            dictionary!.WritePlain(_bodies.Body);
            _dictionaryPage.Clear();
            uncompressed += _pageWriter.WriteDictionary(_dictionaryPage, _bodies.Body.Written, dictionary.Count);
            WriteRaw(_dictionaryPage.Written);
        }

        var dataOffset = Position;
        WriteRaw(_pages.Written);
        _chunks[column.Index] = new ColumnChunk(column)
        {
            Rows = _state.Rows,
            Nulls = _state.Nulls,
            Range = range,
            Encoding = _state.Encoding,
            Compression = _pageWriter.Compression,
            DataPages = _state.Pages,
            DictionaryOffset = hasDictionary ? start : null,
            DataOffset = dataOffset,
            Compressed = Position - start,
            Uncompressed = uncompressed,
        };
    }
}
