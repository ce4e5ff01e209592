using CsCheck;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest;

/// <summary>However a blob grows, the lake ends up with the rows of one reading of the whole.</summary>
public sealed class GrowthTests
{
    private static readonly IReadOnlyList<string> Records = LogBlobs.Records(1, 12, tuples: 7);
    private static readonly string Whole = LogBlobs.Whole(Records);

    [Fact]
    public async Task Any_way_of_cutting_a_blob_into_commits_gives_the_same_rows()
    {
        using var source = new TemporaryFolder();
        var expected = await Ingests.CleanRowsAsync(LogBlobs.Write(source.Path, 1, Whole));

        // A commit is either well-formed (n records and the closer), as Azure writes, or a cut at any byte.
        var step = Gen.Select(Gen.Bool, Gen.Int[0, 12], Gen.Int[0, Whole.Length], (formed, records, cut) => formed ? LogBlobs.Whole(Records.Take(records)) : Whole[..cut]);
        await step.Array[0, 5].SampleAsync(async steps =>
        {
            using var folder = new TemporaryFolder();
            var version = 0;
            foreach (var text in steps.OrderBy(t => t.Length).Append(Whole))
            {
                LogBlobs.Write(folder["logs"], 1, text, ++version);
                await Ingests.RunAsync(folder["lake"], o => o with { CommitInterval = TimeSpan.Zero }, folder["logs"]);
            }

            Assert.Equal(expected, await Ingests.RowsAsync(folder["lake"]));
        }, iter: 30, threads: 2);
    }
}
