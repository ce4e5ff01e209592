using System.Globalization;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Benchmarks;

/// <summary>
/// <c>allocation</c>: what an ingest that has been running for long allocates per row, by the runtime's counter, checkpoints and
/// all. Fails when it is a byte or more. Bytes and not time, so that it holds on any machine.
/// </summary>
internal static class AllocationCheck
{
    private const int Warm = 4;
    private const int Measured = 6;
    private const double Limit = 1;

    public static async Task<int> RunAsync()
    {
        var worst = 0.0;
        Console.WriteLine("| logs | rows | managed bytes per row |\n|---|---:|---:|");
        foreach (var format in (LogFormat[])[LogFormat.NsgV2, LogFormat.VnetV4])
        {
            var (rows, perRow) = await MeasureAsync(format);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {format} | {rows} | {perRow:0.00} |"));
            worst = Math.Max(worst, perRow);
        }

        if (worst < Limit)
            return 0;
        await Console.Error.WriteLineAsync($"A row costs {worst:0.00} bytes of managed memory in the long run, and must cost less than {Limit}. See SteadyIngestBenchmarks.");
        return 1;
    }

    private static async Task<(long Rows, double PerRow)> MeasureAsync(LogFormat format)
    {
        var ingest = new SteadyIngestBenchmarks { Format = format };
        await ingest.Setup();
        try
        {
            for (var i = 0; i < Warm; i++)
                await ingest.Ingest();
            var (before, rows) = (GC.GetTotalAllocatedBytes(precise: true), 0L);
            for (var i = 0; i < Measured; i++)
                rows += await ingest.Ingest();
            return (rows, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)rows);
        }
        finally
        {
            ingest.Cleanup();
        }
    }
}
