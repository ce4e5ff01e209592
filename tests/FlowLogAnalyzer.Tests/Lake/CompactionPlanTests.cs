using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>How a date is divided into jobs, over random files: some begin together, some outside of their date, some at a time that nobody knows.</summary>
public class CompactionPlanTests
{
    private static readonly DateOnly First = new(2026, 11, 20);
    private static readonly CompactOptions Options = new() { TargetRows = 100, FilesPerJob = 3, Before = First.AddDays(2) };

    /// <summary>Of three dates, the last of which is not wanted.</summary>
    private static readonly Gen<DeltaSnapshot> Snapshots =
        Gen.Select(Gen.Int[0, 2], Gen.Int[-30, 1470], Gen.Int[1, 60], Gen.Int[0, 9]).Array[0, 400]
            .Select(files => Snapshot(files.Select((f, i) => File(i, First.AddDays(f.Item1), f.Item4 == 0 ? null : f.Item2 / 30 * 30, f.Item3))));

    [Fact]
    public void Each_small_file_is_in_one_job_and_merged_unless_nothing_is_there_to_merge_it_with() => Snapshots.Sample(snapshot =>
    {
        var jobs = Plan(snapshot);
        Assert.Equal(jobs.OrderBy(j => j.Job.Start), jobs);
        foreach (var date in Small(snapshot).GroupBy(TupleTable.PartitionDate))
        {
            var ofDate = jobs.Where(j => Text(j.Job.Date) == date.Key).ToList();
            var homes = date.ToLookup(f => ofDate.SingleOrDefault(j => j.Job.Covers(At(f)))); // throws when it is in two
            Assert.InRange(homes[null].Count(), 0, 1); // the last job of a date may have but one
            foreach (var job in ofDate)
            {
                var merged = job.Bins.SelectMany(b => b).ToList();
                Assert.Equal(merged.Distinct(), merged);
                Assert.Subset(homes[job].ToHashSet(), merged.ToHashSet());
                Assert.InRange(homes[job].Count() - merged.Count, 0, 1);
            }
        }

        Assert.DoesNotContain(jobs, j => j.Job.Date == First.AddDays(2));
    });

    [Fact]
    public void Who_is_given_a_job_plans_what_the_one_planned_who_made_it() => Snapshots.Sample(snapshot =>
        Assert.All(Plan(snapshot), job =>
        {
            var again = Assert.Single(Plan(snapshot, Options with { Job = job.Job }));
            Assert.Equal(job.Job, again.Job);
            Assert.Equal(job.Bins, again.Bins);
            Assert.Equal((job.Bins.Sum(b => b.Count), job.Bins.Sum(b => b.Sum(Rows))), (again.Files, again.Rows));
        }));

    [Fact]
    public void A_job_ends_with_its_last_bin_unless_more_files_begin_at_that_moment() => Snapshots.Sample(snapshot =>
        Assert.All(Plan(snapshot), job =>
        {
            var last = job.Bins.Take(Options.FilesPerJob).Last()[^1];
            Assert.All(job.Bins.Skip(Options.FilesPerJob).SelectMany(b => b), f => Assert.Equal(At(last), At(f)));
            Assert.All(job.Bins, b => Assert.InRange(b.Sum(Rows), 0, Options.TargetRows));
        }));

    [Fact]
    public void Jobs_merge_what_one_pass_over_the_date_would() => Snapshots.Sample(snapshot =>
    {
        var undivided = Options with { FilesPerJob = int.MaxValue };
        var (jobs, whole) = (Plan(snapshot), Plan(snapshot, undivided));

        // A border may leave a bin that is not full, and one file that has no other; so may the end of each of the two dates.
        var borders = jobs.Count + 2;
        Assert.InRange(jobs.Sum(j => j.Bins.Count) - whole.Sum(j => j.Bins.Count), -borders, borders);
        Assert.InRange(jobs.Sum(j => j.Files) - whole.Sum(j => j.Files), -borders, borders);

        var apart = Snapshot(snapshot.Files.Values.OrderBy(f => f.Path, StringComparer.Ordinal).Select((f, i) => File(i, DateOnly.Parse(TupleTable.PartitionDate(f), CultureInfo.InvariantCulture), i, (int)Rows(f))));
        Assert.Equal(Plan(apart, undivided).SelectMany(j => j.Bins), Plan(apart).SelectMany(j => j.Bins));
    });

    [Fact]
    public void Files_that_begin_before_or_after_their_date_are_in_its_first_and_last_job()
    {
        var usual = Enumerable.Range(0, 40).Select(i => File(i, First, 30 + i, 40));
        AddFile[] odd = [File(90, First, -1, 10), File(91, First, null, 10), File(92, First, (24 * 60) + 1, 10), File(93, First, (24 * 60) + 2, 10)];

        var jobs = Plan(Snapshot([.. usual, .. odd]));

        Assert.InRange(jobs.Count, 3, 9);
        Assert.Equal(TimeOnly.MinValue, jobs[0].Job.From);
        Assert.Null(jobs[^1].Job.To);
        Assert.Equal(odd[..2].ToHashSet(), jobs[0].Bins.SelectMany(b => b).Intersect(odd).ToHashSet());
        Assert.Equal(odd[2..].ToHashSet(), jobs[^1].Bins.SelectMany(b => b).Intersect(odd).ToHashSet());
        Assert.All(jobs.Zip(jobs.Skip(1)), pair => Assert.Equal(pair.First.Job.To, pair.Second.Job.From));
    }

    [Fact]
    public void A_date_with_little_to_merge_is_one_job_without_bounds()
    {
        var job = Assert.Single(Plan(Snapshot([File(1, First, 60, 10), File(2, First, 700, 20)])));

        Assert.Equal((new CompactionJob(First), 2, 30L), (job.Job, job.Files, job.Rows));
    }

    private static List<PlannedJob> Plan(DeltaSnapshot snapshot, CompactOptions? options = null) => [.. new CompactionPlan(options ?? Options, TimeProvider.System).Jobs(snapshot)];

    private static IEnumerable<AddFile> Small(DeltaSnapshot snapshot) =>
        snapshot.Files.Values.Where(f => Rows(f) < Options.TargetRows / 2 && TupleTable.PartitionDate(f) != Text(First.AddDays(2)));

    private static long Rows(AddFile file) => FileFacts.Of(file).Rows!.Value;

    /// <summary>The rule in other words: the earliest time, brought into the date.</summary>
    private static TimeOnly At(AddFile file)
    {
        var date = DateOnly.Parse(TupleTable.PartitionDate(file), CultureInfo.InvariantCulture).ToDateTime(default, DateTimeKind.Utc);
        var offset = (FileFacts.Of(file).MinTime ?? date) - date;
        return new TimeOnly(Math.Clamp(offset.Ticks, 0, TimeSpan.TicksPerDay - 1));
    }

    private static DeltaSnapshot Snapshot(IEnumerable<AddFile> files) =>
        DeltaSnapshot.None with { Files = files.ToImmutableDictionary(f => f.Path, StringComparer.Ordinal) };

    private static AddFile File(int number, DateOnly date, int? minute, int rows)
    {
        var min = minute is { } m ? string.Create(CultureInfo.InvariantCulture, $$""","minValues":{"time":"{{date.ToDateTime(default).AddMinutes(m):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}"}""") : "";
        return new AddFile($"event_date={Text(date)}/part-{number:D4}.parquet", new Dictionary<string, string?> { [FlowColumns.Partition] = Text(date) }, 1, 0)
        {
            Stats = $$"""{"numRecords":{{rows}}{{min}}}""",
        };
    }

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
