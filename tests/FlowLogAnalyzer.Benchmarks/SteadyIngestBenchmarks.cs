using BenchmarkDotNet.Attributes;
using FlowLogAnalyzer.Bench;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>
/// An ingest that has been running for long: blobs that are new to a lake whose encoders, batches and positions are there. An
/// operation is a thousand rows, so the column Allocated reads thousandths of a byte per row.
/// <c>--filter "*SteadyIngest*" --strategy Monitoring --warmupCount 1 --iterationCount 5 --inProcess</c>.
/// </summary>
[MemoryDiagnoser]
public class SteadyIngestBenchmarks
{
    private const int ThousandRows = 4_130;
    private readonly string _folder = Directory.CreateTempSubdirectory("flowlog-bench-").FullName;
    private IngestOptions _options = null!;
    private int _time;

    [Params(LogFormat.NsgV2, LogFormat.VnetV4)]
    public LogFormat Format { get; set; }

    private string Logs => Path.Combine(_folder, Format.ToString());

    [GlobalSetup]
    public async Task Setup()
    {
        new LogGenerator(new LogLaw { Bytes = 200_000_000, Format = Format }).Write(Directory.CreateDirectory(Logs).FullName);
        _options = new IngestOptions(await FlowLake.OpenAsync(Path.Combine(_folder, $"lake-{Format}")));
        _options = _options with { Batches = _options.NewBatches() };
        var rows = await Ingest() / 1000;
        if (Math.Abs(rows - ThousandRows) > ThousandRows / 50)
            throw new InvalidOperationException($"An operation is meant to be a thousand rows: there are {rows} and not about {ThousandRows} thousand.");
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark(OperationsPerInvoke = ThousandRows)]
    public async Task<long> Ingest() => (await IngestPipeline.RunAsync(_options, [new RepeatedSource(new LocalBlobSource(Logs), _time++)])).Rows;
}
