namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>How data files are laid out.</summary>
public sealed record FileEncoderOptions
{
    /// <summary>Rows that a row group has at most: a reader makes room for no more, whatever a footer says.</summary>
    public const int MostRowGroupRows = 2 * 1024 * 1024;

    /// <summary>Rows that a data page has at most.</summary>
    public const int MostPageRows = 64 * 1024;

    public FileCompression Compression { get; init; } = FileCompression.Snappy;

    /// <summary>
    /// Rows of a row group, give or take a half, up to half of <see cref="MostRowGroupRows"/>; 250,000 to a million read equally
    /// fast, and larger ones repeat fewer dictionaries.
    /// </summary>
    public int RowGroupRows { get; init; } = 512 * 1024;

    /// <summary>Rows of a data page: small enough that a page is compressed while it is still in the processor's cache.</summary>
    public int PageRows { get; init; } = MostPageRows;

    /// <summary>A dictionary of a column in a row group that gets larger than this (bytes) gives way to plain or delta pages.</summary>
    public int MaxDictionaryBytes { get; init; } = 16 * 1024 * 1024;
}
