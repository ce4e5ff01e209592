using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest;

/// <summary>The crashes that ExactlyOnceTests plays at every storage operation, by the real signal and at random instants.</summary>
public sealed class KilledIngestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Logs => _folder["logs"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_process_that_is_killed_again_and_again_ends_with_the_rows_of_one_clean_run()
    {
        for (var nic = 0; nic < 60; nic++)
            LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 30, tuples: 60)));
        var expected = await Ingests.CleanRowsAsync(Logs);
        var random = new Random(20261123);
        var killed = 0;
        for (var round = 0; round < 40 && killed < 12; round++)
            if (await IngestChild.RunAndKillAsync(_folder["lake"], Logs, TimeSpan.FromMilliseconds(random.Next(0, 500)), afterCommit: round % 3 == 0))
                killed++;

        var before = await Ingests.RowsAsync(_folder["lake"]);
        await Ingests.RunAsync(_folder["lake"], Logs);

        Assert.True(killed >= 3, $"Only {killed} processes were killed before they were done.");
        Assert.NotEmpty(before); // the killed ones did get somewhere
        Assert.Equal(expected, await Ingests.RowsAsync(_folder["lake"]));
    }
}
