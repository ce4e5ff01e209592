using BenchmarkDotNet.Attributes;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>A blob in memory to columns in memory: the JSON walk and the tuples.</summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    private byte[] _blob = [];

    [Params(8, 600)]
    public int TuplesPerRecord { get; set; }

    [GlobalSetup]
    public void Setup() => _blob = SampleLog.Blob(records: 60, TuplesPerRecord);

    [Benchmark(Baseline = true)]
    public int JsonDocumentAndSplit() => NaiveReader.Read(_blob).Count;

    [Benchmark]
    public async Task<long> FlowLogBlobReader()
    {
        using var stream = new MemoryStream(_blob);
        var result = await Parsing.FlowLogBlobReader.ReadAsync(
            stream, new BlobReadRequest(new BlobIdentity("bench")), _ => ValueTask.CompletedTask, CancellationToken.None);
        return result.Rows;
    }
}
