using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

public sealed class RetentionTests : IDisposable
{
    private static readonly DateOnly First = DateOnly.FromDateTime(LogBlobs.Hour);
    private readonly TemporaryFolder _folder = new();

    private string Logs => _folder["logs"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Old_dates_go_in_one_commit_with_their_positions_and_do_not_come_back(bool archived)
    {
        var lake = await ThreeDatesAsync();
        if (archived)
            await new PositionRetirement(lake, TimeProvider.System).RunAsync(First.AddDays(2));
        var version = (await lake.Tuples.SnapshotAsync()).Version;

        var result = await new LakeRetention(lake).RunAsync(First.AddDays(1));

        Assert.Equal((1, 100L), (result.Dates, result.Rows));
        Assert.Equal(version + 1, (await lake.Tuples.SnapshotAsync()).Version);
        var again = await Ingests.RunAsync(_folder["lake"], Logs);
        Assert.Equal((1, 2, 0), (again.Blobs.Skipped, again.Blobs.Unchanged, again.Blobs.Read));
        Assert.Contains("no longer keeps", Assert.Single(again.Refused).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_longer_retention_than_before_brings_nothing_back()
    {
        var lake = await ThreeDatesAsync();
        await new LakeRetention(lake).RunAsync(First.AddDays(2));

        var longer = await new LakeRetention(lake).RunAsync(First);

        Assert.Equal(First.AddDays(2), longer.From);
        Assert.Equal(2, (await Ingests.RunAsync(_folder["lake"], Logs)).Blobs.Skipped);
    }

    [Fact]
    public async Task A_clock_that_is_ahead_does_not_empty_the_lake()
    {
        var lake = await ThreeDatesAsync();
        var version = (await lake.Tuples.SnapshotAsync()).Version;

        var refused = await Assert.ThrowsAsync<RetentionRefusedException>(async () => await new LakeRetention(lake).RunAsync(First.AddYears(5)));

        Assert.Contains($"the newest ones are of {First.AddDays(2):yyyy-MM-dd}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(version, (await lake.Tuples.SnapshotAsync()).Version);
        Assert.Equal(3, (await new LakeRetention(lake).RunAsync(First.AddYears(5), force: true)).Dates);
    }

    [Fact]
    public async Task The_mark_can_be_moved_back_and_no_row_comes_twice()
    {
        // Rows of the first date's last blob lie past midnight, so that they outlive their date.
        LogBlobs.Write(Logs, 7, LogBlobs.Whole(LogBlobs.Records(7, 3, hour: First.AddDays(1).ToDateTime(default, DateTimeKind.Utc).AddMinutes(-1))), 1, First.ToDateTime(new TimeOnly(23, 0), DateTimeKind.Utc));
        var lake = await ThreeDatesAsync();
        var clean = await Ingests.CleanRowsAsync(Logs);
        await new LakeRetention(lake).RunAsync(First.AddDays(1));
        Assert.True((await Ingests.RowsAsync(_folder["lake"])).Length > 200, "rows past midnight were dropped");
        Assert.Null(await LakeBalance.WarningAsync(lake, await lake.Tuples.SnapshotAsync()));
        Assert.True((await new LakeVerifier(lake, TimeProvider.System).RunAsync()).IsSound);

        Assert.Equal(First, await new LakeRetention(lake).MoveBackAsync(First));

        Assert.Equal(2, (await Ingests.RunAsync(_folder["lake"], Logs)).Blobs.Read);
        Assert.Equal(clean, await Ingests.RowsAsync(_folder["lake"]));
        Assert.Null(await LakeBalance.WarningAsync(lake, await lake.Tuples.SnapshotAsync()));
        Assert.True((await new LakeVerifier(lake, TimeProvider.System).RunAsync()).IsSound);
    }

    [Fact]
    public async Task A_lake_without_rows_keeps_its_mark()
    {
        var lake = await FlowLake.OpenAsync(_folder["empty"]);

        await new LakeRetention(lake).RunAsync(First.AddYears(5));

        Assert.Null(RetentionMark.Of(await lake.Tuples.SnapshotAsync()));
    }

    [Fact]
    public async Task Retention_beside_compactions_and_growth_leaves_what_is_kept_as_it_is()
    {
        await ThreeDatesAsync();
        var upkeep = Task.Run(async () =>
        {
            var lake = await FlowLake.OpenAsync(_folder["lake"]);
            for (var i = 0; i < 10; i++)
            {
                await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = First.AddDays(9) });
                await new LakeRetention(lake).RunAsync(First.AddDays(i < 5 ? 1 : 2));
            }
        });
        for (var step = 6; step < 10; step++)
        {
            LogBlobs.Write(Logs, 2, LogBlobs.Whole(LogBlobs.Records(2, step, hour: LogBlobs.Hour.AddDays(2))), step, LogBlobs.Hour.AddDays(2));
            await Ingests.RunAsync(_folder["lake"], Logs);
        }

        await upkeep;
        Directory.Delete(Path.Combine(Logs, DateFolder(0)), true);
        Directory.Delete(Path.Combine(Logs, DateFolder(1)), true);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(_folder["lake"]));
    }

    /// <summary>The folder of a date: the blob's path up to its hour.</summary>
    private static string DateFolder(int day)
    {
        var path = LogBlobs.Path(0, LogBlobs.Hour.AddDays(day));
        return path[..path.IndexOf("/h=", StringComparison.Ordinal)];
    }

    private async Task<FlowLake> ThreeDatesAsync()
    {
        for (var day = 0; day < 3; day++)
            LogBlobs.Write(Logs, day, LogBlobs.Whole(LogBlobs.Records(day, 5, hour: LogBlobs.Hour.AddDays(day))), 1, LogBlobs.Hour.AddDays(day));
        await Ingests.RunAsync(_folder["lake"], Logs);
        return await FlowLake.OpenAsync(_folder["lake"]);
    }
}
