using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest;

/// <summary>A retention, a compaction or an archiving that comes between the plan of an ingest and its commit.</summary>
public sealed class RetentionRaceTests : IDisposable
{
    /// <summary>The last hour of a date: its late records have tuples of the next one.</summary>
    private static readonly DateTime Hour = LogBlobs.Hour.Date.AddHours(23);
    private static readonly DateOnly Next = DateOnly.FromDateTime(Hour).AddDays(1);
    private readonly TemporaryFolder _folder = new();

    private string Logs => _folder["logs"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_of_a_date_that_a_retention_drops_meanwhile_do_not_come_back_and_none_is_double(bool wasReadBefore)
    {
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 65, hour: Hour)), hour: Hour);
        if (wasReadBefore)
            await Ingests.RunAsync(_folder["lake"], Logs);
        else
            await Ingests.RunAsync(_folder["lake"], _folder["nothing"]);
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 70, hour: Hour)), 2, Hour);
        LogBlobs.Write(Logs, 2, LogBlobs.Whole(LogBlobs.Records(2, 10, hour: Hour.AddHours(2))), 1, Hour.AddHours(2));

        var summary = await IngestBesideAsync(lake => new LakeRetention(lake).RunAsync(Next, force: true).AsTask());

        var rows = await Ingests.RowsAsync(_folder["lake"]);
        Assert.Equal(rows.Distinct().Count(), rows.Length);
        Assert.Equal((wasReadBefore ? 100 : 0) + 200, rows.Length);
        Assert.Equal((1, 1), (summary.Blobs.Read, summary.Blobs.Skipped));
        Assert.Contains("no longer keeps", Assert.Single(summary.Refused).Message, StringComparison.Ordinal);
        Assert.Equal((0, 1, 1), await CountsAsync());
    }

    [Theory]
    [InlineData("archive")]
    [InlineData("compact")]
    [InlineData("ingest")]
    [InlineData("vacuum")]
    public async Task Other_upkeep_meanwhile_changes_nothing(string upkeep)
    {
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 5, hour: Hour)), hour: Hour);
        LogBlobs.Write(Logs, 2, LogBlobs.Whole(LogBlobs.Records(2, 5, hour: Hour)), hour: Hour);
        await Ingests.RunAsync(_folder["lake"], Path.Combine(Logs, LogBlobs.Path(1, Hour)));
        await Ingests.RunAsync(_folder["lake"], Path.Combine(Logs, LogBlobs.Path(2, Hour)));
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 9, hour: Hour)), 2, Hour);
        LogBlobs.Write(Logs, 2, LogBlobs.Whole(LogBlobs.Records(7, 9, hour: Hour)), 2, Hour); // rewritten

        await IngestBesideAsync(async lake => await (upkeep switch
        {
            "archive" => new PositionRetirement(lake, TimeProvider.System).RunAsync(Next.AddDays(3)).AsTask(),
            "compact" => new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = Next.AddDays(3) }).AsTask(),
            "vacuum" => new LakeVacuum(lake, TimeProvider.System).RunAsync(new VacuumOptions { Retention = TimeSpan.Zero }).AsTask(),
            _ => (Task)Ingests.RunAsync(_folder["lake"], Logs),
        }));

        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(_folder["lake"]));
    }

    private async Task<(long Read, long Unchanged, long Skipped)> CountsAsync()
    {
        var next = await Ingests.RunAsync(_folder["lake"], Logs);
        return (next.Blobs.Read, next.Blobs.Unchanged, next.Blobs.Skipped);
    }

    private async Task<IngestSummary> IngestBesideAsync(Func<FlowLake, Task> meanwhile)
    {
        var other = await FlowLake.OpenAsync(_folder["lake"]);
        var lake = await FlowLake.OpenAsync(_folder["lake"], new LakeOptions { WrapStore = store => new BeforeCommit(store, () => meanwhile(other)) });
        return await IngestPipeline.RunAsync(new IngestOptions(lake) { CommitInterval = TimeSpan.FromMilliseconds(200) }, [new LocalBlobSource(Logs)]);
    }
}
