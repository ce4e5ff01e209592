using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Goes through the pages of a column of a row group and hands them on, checked. Remembers where it is, for who reports damage.</summary>
internal sealed class ChunkReader : IDisposable
{
    private const int LevelBits = 1;
    private readonly PageDecompressor _decompressor = new();
    private int[] _levels = [];

    /// <summary>The column read last, or null.</summary>
    public FileColumn? Column { get; private set; }

    /// <summary>Its page read last: 0 is the dictionary, 1 the first one with data.</summary>
    public int Page { get; private set; }

    /// <summary>Forgets the place: what comes next is about no column.</summary>
    public void Leave() => Column = null;

    /// <param name="chunk">What the footer says of the column.</param>
    /// <param name="pages">All its bytes.</param>
    /// <param name="rows">Of the row group.</param>
    /// <param name="sink">Takes the pages.</param>
    public void Read(ChunkLayout chunk, ReadOnlySpan<byte> pages, int rows, IPageSink sink)
    {
        (Column, Page) = (chunk.Column, 0);
        sink.Begin(chunk.Column, rows);
        if (chunk.HasDictionary)
            TakeDictionary(chunk, ref pages, sink);

        var (row, nulls) = (0, 0L);
        while (!pages.IsEmpty)
        {
            Page++;
            var header = PageHeader.Take(ref pages, out var stored);
            DamageException.Unless(header.Type == PageType.Data, $"a page of type {(int)header.Type} stands where data was expected");
            DamageException.Unless(header.Values <= rows - row, $"the page has {header.Values} rows, {rows - row} are left in the row group");
            DamageException.Unless(IsPossible(chunk, header.Encoding), $"the encoding {(int)header.Encoding} is not one that the lake uses for this column");
            var page = Split(chunk.Column, header, row, _decompressor.Decompress(chunk.Compression, stored, header.Uncompressed));
            sink.Data(page);
            row += page.Rows;
            nulls += page.Rows - page.Present;
        }

        DamageException.Unless(row == rows, $"the pages have {row} rows, the row group has {rows}");
        DamageException.Unless(nulls == chunk.Nulls, $"{nulls} rows have no value, the footer says {chunk.Nulls}");
    }

    /// <summary>Reads nothing but the dictionary.</summary>
    public void ReadDictionary(ChunkLayout chunk, ReadOnlySpan<byte> pages, IPageSink sink)
    {
        (Column, Page) = (chunk.Column, 0);
        sink.Begin(chunk.Column, 0);
        TakeDictionary(chunk, ref pages, sink);
    }

    public void Dispose() => _decompressor.Dispose();

    private void TakeDictionary(ChunkLayout chunk, ref ReadOnlySpan<byte> pages, IPageSink sink)
    {
        var header = PageHeader.Take(ref pages, out var stored);
        DamageException.Unless(header is { Type: PageType.Dictionary, Encoding: ParquetEncoding.Plain }, "a dictionary was expected");
        DamageException.Unless(chunk.Length - pages.Length == chunk.DataStart - chunk.Start, "the data does not begin behind the dictionary");
        sink.Dictionary(_decompressor.Decompress(chunk.Compression, stored, header.Uncompressed), header.Values);
    }

    private static bool IsPossible(ChunkLayout chunk, ParquetEncoding encoding) => chunk.HasDictionary
        ? encoding == ParquetEncoding.RleDictionary
        : encoding == ParquetEncoding.Plain || (encoding == ParquetEncoding.DeltaBinaryPacked && chunk.Column.Physical != PhysicalType.ByteArray);

    private DataPage Split(FileColumn column, PageHeader header, int firstRow, ReadOnlySpan<byte> body)
    {
        var present = header.Values;
        ReadOnlySpan<int> levels = [];
        if (column.Nullable)
        {
            var reader = new ByteReader(body);
            var packed = reader.Take(reader.Int32());
            body = reader.Rest;
            present = Present(packed, header.Values, out levels);
        }

        return new DataPage { FirstRow = firstRow, Rows = header.Values, Present = present, Levels = levels, Encoding = header.Encoding, Values = body };
    }

    private int Present(ReadOnlySpan<byte> packed, int rows, out ReadOnlySpan<int> mixed)
    {
        mixed = [];
        if (HybridDecoder.IsOneRun(packed, LevelBits, rows, out var all))
            return all * rows;

        if (_levels.Length < rows)
            _levels = new int[Math.Max(rows, _levels.Length * 2)];
        var levels = _levels.AsSpan(0, rows);
        HybridDecoder.Decode(packed, LevelBits, levels);
        var present = 0;
        foreach (var level in levels)
            present += level;
        if (present > 0 && present < rows)
            mixed = levels;
        return present;
    }
}
