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
    private const int Measured = 3;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(LogFormat.NsgV2)]
    [InlineData(LogFormat.VnetV4)]
    public async Task A_row_costs_less_than_a_byte_once_the_buffers_are_there(LogFormat format)
    {
        new LogGenerator(new LogLaw { Bytes = 100_000_000, Format = format }).Write(_folder["logs"]);
        var options = new IngestOptions(await FlowLake.OpenAsync(_folder["lake"]));
        options = options with { Batches = options.NewBatches() };
        await IngestAsync(options, 0, Warm);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var rows = await IngestAsync(options, Warm, Measured);
        var perRow = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)rows;

        TestContext.Current.TestOutputHelper?.WriteLine($"{perRow:0.00} bytes per row of {rows} rows");
        Assert.InRange(perRow, 0.01, 1);
    }

    private async Task<long> IngestAsync(IngestOptions options, int first, int times)
    {
        var rows = 0L;
        for (var time = first; time < first + times; time++)
            rows += (await IngestPipeline.RunAsync(options, [new RepeatedSource(new LocalBlobSource(_folder["logs"]), time)])).Rows;
        return rows;
    }
}
