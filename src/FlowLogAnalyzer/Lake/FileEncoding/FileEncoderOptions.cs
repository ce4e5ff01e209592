namespace FlowLogAnalyzer.Lake.FileEncoding;

/// <summary>How data files are laid out.</summary>
public sealed record FileEncoderOptions
{
    public FileCompression Compression { get; init; } = FileCompression.Snappy;

    /// <summary>Rows of a row group; 250,000 to a million read equally fast, and larger ones repeat fewer dictionaries.</summary>
    public int RowGroupRows { get; init; } = 512 * 1024;

    /// <summary>Rows of a data page: small enough that a page is compressed while it is still in the processor's cache.</summary>
    public int PageRows { get; init; } = 64 * 1024;

    /// <summary>A dictionary of a column in a row group that gets larger than this (bytes) gives way to plain or delta pages.</summary>
    public int MaxDictionaryBytes { get; init; } = 16 * 1024 * 1024;
}
