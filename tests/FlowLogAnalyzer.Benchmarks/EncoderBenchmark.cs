using BenchmarkDotNet.Attributes;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Parquet.Writing;
using Parquet;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>
/// Rows in memory to a data file in memory: the encoder against Parquet.Net in the same run. Both pack what repeats into
/// dictionaries and compress; the column Ratio is the answer. <see cref="AllDistinct"/> is the worst case: no address,
/// port or time is worth a dictionary. A short run: <c>--filter "*Encoder*" --strategy Monitoring --warmupCount 1 --iterationCount 5</c>.
/// </summary>
[MemoryDiagnoser]
public class EncoderBenchmark
{
    private readonly FlowFileEncoder _snappy = new(new FileEncoderOptions { Compression = FileCompression.Snappy });
    private readonly FlowFileEncoder _zstd = new(new FileEncoderOptions { Compression = FileCompression.Zstd });
    private readonly FlowFileEncoder _none = new(new FileEncoderOptions { Compression = FileCompression.None });
    private readonly MemoryStream _output = new();
    private EncoderRows _rows = null!;

    [Params(1_000_000)]
    public int Rows { get; set; }

    [Params(false, true)]
    public bool AllDistinct { get; set; }

    [GlobalSetup]
    public void Setup() => _rows = new EncoderRows(Rows, AllDistinct);

    [Benchmark(Baseline = true, Description = "Parquet.Net, snappy")]
    public async Task<long> ParquetNet()
    {
        const int group = 256 * 1024;
        _output.SetLength(0);
        var block = new ColumnBlock(TupleFileWriter.DataColumns, group);
        await using (var writer = await ParquetBlockWriter.CreateAsync(_output, TupleFileWriter.DataColumns, CompressionMethod.Snappy, default))
        {
            for (var start = 0; start < _rows.Rows.Length; start += group)
            {
                TupleGather.Fill(block, _rows.Batches, _rows.Rows.AsSpan(start, Math.Min(group, _rows.Rows.Length - start)));
                await writer.WriteAsync(block, default);
            }
        }

        return Report();
    }

    [Benchmark(Description = "encoder, none")]
    public long None() => Encode(_none);

    [Benchmark(Description = "encoder, snappy")]
    public long Snappy() => Encode(_snappy);

    [Benchmark(Description = "encoder, zstd 1")]
    public long Zstd() => Encode(_zstd);

    [GlobalCleanup]
    public void Cleanup()
    {
        _snappy.Dispose();
        _zstd.Dispose();
        _none.Dispose();
    }

    private long Encode(FlowFileEncoder encoder)
    {
        _output.SetLength(0);
        encoder.Write(_output, _rows.Batches, _rows.Rows);
        return Report();
    }

    /// <summary>The size belongs beside the time; BenchmarkDotNet has no column for it.</summary>
    private long Report()
    {
        Console.WriteLine($"// {(double)_output.Length / _rows.Rows.Length:0.00} bytes per row");
        return _output.Length;
    }
}
