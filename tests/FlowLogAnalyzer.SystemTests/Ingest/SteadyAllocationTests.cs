using System.Globalization;
using FlowLogAnalyzer.Bench;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest;

/// <summary>The runtime's counter is of the whole process, so nothing else runs beside these.</summary>
[CollectionDefinition(nameof(SteadyAllocationTests), DisableParallelization = true)]
[Collection(nameof(SteadyAllocationTests))]
public sealed class SteadyAllocationTests : IDisposable
{
    private const int Warm = 3;
    private const int Measured = 4;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// The least of several runs: in some a checkpoint is due, or one batch more is in flight than ever before. Twice the limit
    /// leaves room for the state machines of a debug build; <c>allocation</c> of the benchmarks checks the mean against the limit itself.
    /// </summary>
    [Theory]
    [InlineData(LogFormat.NsgV2)]
    [InlineData(LogFormat.VnetV4)]
    public async Task A_row_costs_less_than_two_bytes_once_the_buffers_are_there(LogFormat format)
    {
        new LogGenerator(new LogLaw { Bytes = 100_000_000, Format = format }).Write(_folder["logs"]);
        var options = new IngestOptions(await FlowLake.OpenAsync(_folder["lake"]));
        options = options with { Batches = options.NewBatches() };
        var perRow = new List<double>();
        for (var time = 0; time < Warm + Measured; time++)
            perRow.Add(await AllocatedPerRowAsync(options, time));

        var message = string.Join(' ', perRow.Select(b => b.ToString("0.00", CultureInfo.InvariantCulture)));
        Assert.True(perRow.Skip(Warm).Min() < 2, $"Bytes per row of one ingest after the other: {message}");
    }

    private async Task<double> AllocatedPerRowAsync(IngestOptions options, int time)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var summary = await IngestPipeline.RunAsync(options, [new RepeatedSource(new LocalBlobSource(_folder["logs"]), time)]);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)summary.Rows;
    }
}
