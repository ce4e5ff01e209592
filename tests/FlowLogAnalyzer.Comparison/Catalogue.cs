namespace FlowLogAnalyzer.Comparison;

/// <summary>Everything that is compared.</summary>
internal static class Catalogue
{
    public const string Ours = "flowlog";

    public static IReadOnlyList<IContestant> All { get; } =
    [
        new OurIngest(Ours, Parquet.CompressionMethod.Snappy),
        new OurIngest("flowlog-zstd", Parquet.CompressionMethod.Zstd),
        new DuckDbCopy(),
        new SpanReader("utf8reader", 2),
        new OurParser("flowlog-parse", 2),
        new OurParser("flowlog-parse-1", 1),
        new SpanReader("utf8reader-1", 1),
        new NaiveSerializer(),
        new ByteSearch("memchr-1", 1),
    ];
}
