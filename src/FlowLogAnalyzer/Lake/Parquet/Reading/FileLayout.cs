using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Where a column of a row group lies, as far as decoding needs it.</summary>
internal sealed record ChunkLayout(FileColumn Column)
{
    public FileCompression Compression { get; init; }

    public bool HasDictionary { get; init; }

    /// <summary>Of the first page in the file.</summary>
    public long Start { get; init; }

    /// <summary>Of the first data page in the file.</summary>
    public long DataStart { get; init; }

    /// <summary>Bytes of all pages with their headers.</summary>
    public int Length { get; init; }

    public long Nulls { get; init; }
}

/// <summary>A row group; its chunks, in the order of the schema, fill the bytes from <paramref name="Start"/> on without a gap.</summary>
internal sealed record RowGroupLayout(int Rows, long Start, int Length, IReadOnlyList<ChunkLayout> Chunks);
