using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Parsing;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest;

/// <summary>Real blobs, which are not part of the repository: looked at when they lie beside it.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_lake_has_as_many_rows_as_the_samples_have_tuples()
    {
        var samples = SampleCollection.Path("");
        using var folder = new TemporaryFolder();
        var (rows, tuples, rejected, read) = (0L, 0L, 0L, 0);
        foreach (var file in Directory.GetFiles(samples, "*", SearchOption.AllDirectories))
        {
            await using var stream = File.OpenRead(file);
            var result = await FlowLogBlobReader.ReadAsync(stream, new BlobReadRequest(FlowLogPath.Parse(file, file)), _ => ValueTask.CompletedTask, default);
            if (result.Outcome is not (BlobOutcome.Complete or BlobOutcome.Incomplete))
                continue;
            (rows, tuples, rejected, read) = (rows + result.Rows, tuples + result.TuplesSeen, rejected + result.Rejected.Values.Sum(), read + 1);
        }

        var summary = await Ingests.RunAsync(folder["lake"], samples);

        Assert.True(rows > 10_000);
        Assert.Equal((rows, tuples, rejected, read), (summary.Rows, summary.Tuples, summary.RejectedTotal, (int)summary.Blobs.Read));
        Assert.Equal([$"{rows}"], await ClickHouse.RowAsync($"select count() from deltaLakeLocal('{folder["lake/tuples"]}')"));
        Assert.Equal(rows, (await Ingests.RowsAsync(folder["lake"])).Length);
    }
}
