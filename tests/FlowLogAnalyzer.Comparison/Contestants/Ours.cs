using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Parsing;
using Parquet;

namespace FlowLogAnalyzer.Comparison;

/// <summary>The whole way: JSON files to a committed lake.</summary>
internal sealed class OurIngest(string name, CompressionMethod compression) : IContestant
{
    public string Name => name;

    public string Does => $"**flowlog ingest, {(compression == CompressionMethod.Snappy ? "snappy" : "zstd 1")}: files to committed lake**";

    public int Threads => 2;

    public async ValueTask<long> RunAsync(IReadOnlyList<string> files, string output)
    {
        var lake = await FlowLake.OpenAsync(Path.Combine(output, "lake"), new LakeOptions { Compression = compression });
        var summary = await IngestPipeline.RunAsync(new IngestOptions(lake) { Workers = 2 }, [.. files.Select(f => new LocalBlobSource(f))]);
        return summary.Rows;
    }
}

/// <summary>The parser alone: files to columns in memory, which are thrown away.</summary>
internal sealed class OurParser(string name, int threads) : IContestant
{
    public string Name => name;

    public string Does => "flowlog, parse only, files";

    public int Threads => threads;

    public async ValueTask<long> RunAsync(IReadOnlyList<string> files, string output) => await Blobs.SumAsync(files, threads, () =>
    {
        var pool = new TupleBatchPool(1 << 20);
        return file => Read(file, pool);
    });

    private static long Read(string file, TupleBatchPool pool)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        var request = new BlobReadRequest(FlowLogPath.Parse(file, file)) { BatchRows = 64 * 1024, ExpectedRows = stream.Length / 64, Pool = pool };
        return FlowLogBlobReader.ReadAsync(stream, request, batch =>
        {
            pool.Return(batch);
            return default;
        }, default).AsTask().GetAwaiter().GetResult().Rows;
    }
}
