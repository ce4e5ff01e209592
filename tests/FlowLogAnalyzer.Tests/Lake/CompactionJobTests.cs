using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>Jobs of one date in two processes: each has a lake of its own over the same folder, and commits in the middle of the other.</summary>
public sealed class CompactionJobTests : IDisposable
{
    private static readonly DateTime Date = new(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_jobs_of_a_date_at_the_same_time_are_both_committed()
    {
        var (rows, jobs) = await StartAsync();

        var (slow, fast) = await BothAsync(jobs[0].Job, jobs[1].Job);

        Assert.Equal((jobs[0].Files, 1, 0), (slow.FilesBefore, slow.FilesAfter, slow.Conflicts));
        Assert.Equal((jobs[1].Files, 1, 0), (fast.FilesBefore, fast.FilesAfter, fast.Conflicts));
        await AssertRowsAsync(rows);
    }

    [Fact]
    public async Task Of_one_job_twice_at_the_same_time_the_slower_loses_and_leaves_nothing_behind()
    {
        var (rows, jobs) = await StartAsync();
        var before = FilesOnDisk();

        var (slow, fast) = await BothAsync(jobs[1].Job, jobs[1].Job);

        Assert.Equal((0, 1), (slow.FilesBefore, slow.Conflicts));
        Assert.Equal((jobs[1].Files, 0), (fast.FilesBefore, fast.Conflicts));
        Assert.Equal(before + 1, FilesOnDisk()); // what was merged stays until a vacuum
        await AssertRowsAsync(rows);
    }

    [Fact]
    public async Task Jobs_whose_bounds_overlap_keep_every_row_once()
    {
        var (rows, jobs) = await StartAsync();
        var wider = jobs[0].Job with { To = jobs[1].Job.To };

        var (slow, fast) = await BothAsync(jobs[0].Job, wider);

        Assert.Equal((1, 0), (slow.Conflicts, fast.Conflicts));
        Assert.Equal(jobs[0].Files + jobs[1].Files, fast.FilesBefore);
        await AssertRowsAsync(rows);
    }

    /// <summary>The job of the first is merged but not committed when the second begins, and ends.</summary>
    private async Task<(CompactResult Slow, CompactResult Fast)> BothAsync(CompactionJob slow, CompactionJob fast)
    {
        CompactResult? between = null;
        var first = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { WrapStore = store => new BeforeCommit(store, async () => between = await RunAsync(await FlowLake.OpenAsync(_folder.Path), fast)) });
        return (await RunAsync(first, slow), between!);
    }

    private static async Task<CompactResult> RunAsync(FlowLake lake, CompactionJob job) =>
        await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Job = job });

    /// <summary>A file for each hour, and the date in jobs of some of them.</summary>
    private async Task<(string[] Rows, IReadOnlyList<PlannedJob> Jobs)> StartAsync()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var hour = 0; hour < 24; hour++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{hour}", Date.AddHours(hour)), 100, seed: hour));
        var jobs = await new LakeCompactor(lake, TimeProvider.System).JobsAsync(new CompactOptions { TargetRows = 300, FilesPerJob = 2 });
        Assert.Equal(4, jobs.Count);
        return (await LakeRows.AllAsync(lake), jobs);
    }

    private async Task AssertRowsAsync(string[] rows) => Assert.Equal(rows, await LakeRows.AllAsync(await FlowLake.OpenAsync(_folder.Path)));

    private int FilesOnDisk() => Directory.GetFiles(_folder["tuples"], "part-*.parquet", SearchOption.AllDirectories).Length;
}
