namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>What the footer says about one column in one row group.</summary>
internal sealed record ColumnChunk(FileColumn Column)
{
    public long Rows { get; init; }

    public long Nulls { get; init; }

    public ValueRange? Range { get; init; }

    /// <summary>Encoding of the data pages.</summary>
    public ParquetEncoding Encoding { get; init; }

    /// <summary>Of all pages.</summary>
    public FileCompression Compression { get; init; }

    public int DataPages { get; init; }

    /// <summary>Place of the dictionary page in the file, or null.</summary>
    public long? DictionaryOffset { get; init; }

    public long DataOffset { get; init; }

    /// <summary>Bytes of all pages with their headers.</summary>
    public long Compressed { get; init; }

    /// <summary>The same before compression.</summary>
    public long Uncompressed { get; init; }
}

/// <summary>What the footer says about one row group.</summary>
internal sealed record RowGroupEntry(int Rows, ColumnChunk[] Chunks);
