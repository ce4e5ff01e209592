using FlowLogAnalyzer.Bench;
using Parquet;

namespace FlowLogAnalyzer.Comparison;

/// <summary>What one would type into DuckDB: <see cref="DuckDbBench"/>.</summary>
internal sealed class DuckDbCopy : IContestant
{
    public string Name => "duckdb";

    public string Does => "DuckDB 1.5 `read_json`, `unnest`, `string_split`, `COPY` (snappy)";

    public int Threads => 2;

    public async ValueTask<long> RunAsync(IReadOnlyList<string> files, string output) =>
        await new DuckDbBench(files, output, CompressionMethod.Snappy) { Threads = Threads }.CopyAsync(Path.Combine(output, "out.parquet"), default);
}
