using System.Text;
using BenchmarkDotNet.Attributes;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>One tuple's text to its values. Times and memory are per tuple.</summary>
[MemoryDiagnoser]
public class TupleBenchmarks
{
    private const int Tuples = 10_000;
    private readonly string[] _texts = new string[Tuples];
    private readonly byte[][] _bytes = new byte[Tuples][];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var i = 0; i < Tuples; i++)
        {
            _texts[i] = SampleLog.Tuple(i % 60, random);
            _bytes[i] = Encoding.UTF8.GetBytes(_texts[i]);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Tuples)]
    public long Split()
    {
        long sum = 0;
        foreach (var text in _texts)
            sum += NaiveReader.Parse(text, "rule", "mac").DestinationPort;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Tuples)]
    public long TupleScanner()
    {
        long sum = 0;
        var values = default(TupleValues);
        foreach (var bytes in _bytes)
            sum += FastTuple.TryParseNsg(bytes, ref values, out _) ? values.DestinationPort : 0;
        return sum;
    }
}
