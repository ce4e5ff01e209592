using BenchmarkDotNet.Attributes;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>
/// Blobs on disk to a committed lake. The baseline only reads and parses the same files, and keeps nothing: what a
/// straightforward program spends before it has written a byte.
/// </summary>
[MemoryDiagnoser]
public class FileToLakeBenchmarks
{
    private const int Nics = 4;
    private string _folder = "";
    private int _run;

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("flowlog-bench-").FullName;
        for (var nic = 0; nic < Nics; nic++)
        {
            var path = Path.Combine(_folder, "logs", $"y=2025/m=11/d=16/h=09/m=00/macAddress=0022482A1B3{nic}/PT1H.json");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, SampleLog.Blob(records: 60, tuplesPerRecord: 300, seed: nic));
        }
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true)]
    public int JsonDocumentAndSplitOnly() =>
        Directory.GetFiles(Path.Combine(_folder, "logs"), "*.json", SearchOption.AllDirectories).Sum(file => NaiveReader.Read(File.ReadAllBytes(file)).Count);

    [Benchmark]
    public async Task<long> Ingest()
    {
        var lake = await FlowLake.OpenAsync(Path.Combine(_folder, $"lake-{_run++}"));
        var summary = await IngestPipeline.RunAsync(new IngestOptions(lake), [new LocalBlobSource(Path.Combine(_folder, "logs"))]);
        return summary.Rows;
    }
}
