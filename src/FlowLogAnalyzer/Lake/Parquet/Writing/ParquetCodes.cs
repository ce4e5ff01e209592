namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Physical types (parquet-format, parquet.thrift, <c>Type</c>): the three that the lake's columns need.</summary>
internal enum PhysicalType
{
    Int32 = 1,
    Int64 = 2,
    ByteArray = 6,
}

/// <summary>Encodings (parquet.thrift, <c>Encoding</c>).</summary>
internal enum ParquetEncoding
{
    Plain = 0,
    Rle = 3,
    DeltaBinaryPacked = 5,
    RleDictionary = 8,
}

/// <summary>Page types (parquet.thrift, <c>PageType</c>).</summary>
internal enum PageType
{
    Data = 0,
    Dictionary = 2,
}

/// <summary>How the pages of a data file are compressed; the values are those of parquet.thrift, <c>CompressionCodec</c>.</summary>
public enum FileCompression
{
    None = 0,
    Snappy = 1,

    /// <summary>At level 1: higher levels cost several times the time for a few percent.</summary>
    Zstd = 6,
}
