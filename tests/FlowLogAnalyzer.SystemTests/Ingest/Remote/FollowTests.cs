using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest.Remote;

public sealed class FollowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Growth_is_followed_until_the_stop_and_nothing_is_missing()
    {
        var logs = await RemoteLogs.CreateAsync();
        using var stop = new CancellationTokenSource();
        var sweeps = new List<FollowSweep>();
        var following = FollowAsync(logs, null, sweeps, stop.Token);
        for (var minute = 0; minute < 20; minute++)
        {
            await logs.Writer.CommitAsync(RemoteLogs.Name(1 + (minute % 3)), LogBlobs.Record(1 + (minute % 3), minute, 30));
            await Task.Delay(30);
        }

        await UntilAsync(() => Rows(sweeps) == 600);
        await stop.CancelAsync();
        await following;

        Assert.Equal(await logs.CleanRowsAsync(), await Ingests.RowsAsync(_folder["lake"]));
        Assert.True(sweeps[0].IsFull);
        Assert.Contains(sweeps, s => s.Summary?.Lag is not null);
    }

    [Fact]
    public async Task An_outage_is_told_and_survived()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 0, 30));
        var away = false;
        using var stop = new CancellationTokenSource();
        var sweeps = new List<FollowSweep>();
        var following = FollowAsync(logs, new MeteredTransport(_ => away ? Fault.Busy : Fault.None), sweeps, stop.Token);
        await UntilAsync(() => Rows(sweeps) == 30);
        away = true;
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 1, 30));
        await UntilAsync(() => Last(sweeps)?.Summary?.Refused.Any(r => r.Message.Contains("503", StringComparison.Ordinal)) == true);
        Assert.Equal(30, Rows(sweeps));
        away = false;

        await UntilAsync(() => Rows(sweeps) == 60);
        await stop.CancelAsync();
        await following;
    }

    [Fact]
    public async Task A_lake_that_is_away_is_told_and_written_when_it_is_back()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1), LogBlobs.Record(1, 0, 30));
        var away = true;
        var transport = new MeteredTransport(_ => away ? Fault.Reset : Fault.None);
        var lake = await FlowLake.OpenAsync($"{(await Azurite.ContainerAsync()).Uri}/lake", new LakeOptions { Access = logs.Access(transport) with { MaxRetries = 1 }, CacheFolder = _folder["cache"] });
        using var stop = new CancellationTokenSource();
        var sweeps = new List<FollowSweep>();
        var options = new FollowOptions { Every = TimeSpan.FromMilliseconds(50), MaxPause = TimeSpan.FromMilliseconds(100), OnSweep = s => Locked(sweeps, () => sweeps.Add(s)) };
        var following = new FollowLoop(new IngestOptions(lake), [logs.Source()], options).RunAsync(stop.Token);
        await UntilAsync(() => Last(sweeps)?.Problem is not null);
        away = false;

        await UntilAsync(() => Rows(sweeps) == 30);
        await stop.CancelAsync();
        await following;
        Assert.Contains("Injected", sweeps[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_right_ends_the_loop()
    {
        var logs = await RemoteLogs.CreateAsync();

        await Assert.ThrowsAsync<StorageDeniedException>(() => FollowAsync(logs, new MeteredTransport(_ => Fault.Denied), [], default));
    }

    [Fact]
    public async Task Most_sweeps_look_at_recent_hours_and_some_at_everything()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync(RemoteLogs.Name(1, LogBlobs.Hour.AddDays(-3)), LogBlobs.Record(1, 0, 5));
        await logs.Writer.CommitAsync(RemoteLogs.Name(2), LogBlobs.Record(2, 0, 5));
        using var stop = new CancellationTokenSource();
        var sweeps = new List<FollowSweep>();
        var following = FollowAsync(logs, null, sweeps, stop.Token, fullEvery: TimeSpan.FromMilliseconds(400));
        await UntilAsync(() => Count(sweeps, s => s.IsFull) >= 2 && Count(sweeps, s => !s.IsFull) >= 2);
        await stop.CancelAsync();
        await following;

        Assert.All(sweeps.SkipLast(1).Where(s => s.IsFull), s => Assert.Equal(2, s.Summary!.Blobs.Seen));
        Assert.All(sweeps.SkipLast(1).Where(s => !s.IsFull), s => Assert.Equal(1, s.Summary!.Blobs.Seen));
    }

    private async Task FollowAsync(RemoteLogs logs, MeteredTransport? transport, List<FollowSweep> sweeps, CancellationToken stop, TimeSpan? fullEvery = null)
    {
        var time = new FastTime(LogBlobs.Hour.AddMinutes(50));
        var options = new IngestOptions(await FlowLake.OpenAsync(_folder["lake"])) { CommitInterval = TimeSpan.FromMilliseconds(10), Time = time };
        var follow = new FollowOptions { Every = TimeSpan.FromMilliseconds(50), MaxPause = TimeSpan.FromMilliseconds(100), FullEvery = fullEvery ?? TimeSpan.FromHours(1), OnSweep = s => Locked(sweeps, () => sweeps.Add(s)) };
        var access = logs.Access(transport) with { MaxRetries = 1 };
        await new FollowLoop(options, [new AzureBlobSource(StorageLocation.Parse(logs.Address), access)], follow).RunAsync(stop);
    }

    private static long Rows(List<FollowSweep> sweeps) => Locked(sweeps, () => sweeps.Sum(s => s.Summary?.Rows ?? 0));

    private static int Count(List<FollowSweep> sweeps, Func<FollowSweep, bool> which) => Locked(sweeps, () => sweeps.Count(which));

    private static FollowSweep? Last(List<FollowSweep> sweeps) => Locked(sweeps, sweeps.LastOrDefault);

    private static T Locked<T>(List<FollowSweep> sweeps, Func<T> run)
    {
        lock (sweeps)
            return run();
    }

    private static void Locked(List<FollowSweep> sweeps, Action run)
    {
        lock (sweeps)
            run();
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; !holds(); i++)
        {
            Assert.True(i < 1500, "It did not come about within 30 seconds.");
            await Task.Delay(20);
        }
    }

    /// <summary>The system's clock, set to another day.</summary>
    private sealed class FastTime(DateTime start) : TimeProvider
    {
        private readonly TimeSpan _offset = start - System.GetUtcNow().UtcDateTime;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _offset;
    }
}
