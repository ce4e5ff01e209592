using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

public sealed class UpkeepTests : IDisposable
{
    private static readonly CompactOptions Everything = new() { Before = new DateOnly(2027, 1, 1) };
    private static readonly VacuumOptions Now = new() { Retention = TimeSpan.Zero };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_compaction_merges_files_and_leaves_every_row_as_it_was()
    {
        var lake = await FilledAsync(12);
        var rows = await LakeRows.AllAsync(lake);

        var result = await new LakeCompactor(lake, TimeProvider.System).RunAsync(Everything);

        Assert.Equal(2, (await lake.Tuples.GetActiveFilesAsync()).Count); // two dates
        Assert.Equal((12, 2, 12 * 500L), (result.FilesBefore, result.FilesAfter, result.Rows));
        Assert.Equal(rows, await LakeRows.AllAsync(lake));
        var times = Duck.Query($"select date_trunc('minute', record_time) from {Duck.Files([(await lake.Tuples.GetActiveFilesAsync())[0].LocalPath])}").Select(r => (DateTime)r[0]!).ToList();
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task A_compaction_leaves_open_dates_and_large_files_alone()
    {
        var lake = await FilledAsync(4);

        var open = await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = new DateOnly(2026, 11, 22) });
        var large = await new LakeCompactor(lake, TimeProvider.System).RunAsync(Everything with { TargetRows = 800 });

        Assert.Equal((0, 0), (open.FilesBefore, large.FilesBefore));
    }

    [Fact]
    public async Task A_vacuum_deletes_what_is_not_needed_and_nothing_else()
    {
        var lake = await FilledAsync(6);
        var rows = await LakeRows.AllAsync(lake);
        await new LakeCompactor(lake, TimeProvider.System).RunAsync(Everything);
        var old = Directory.GetFiles(_folder["tuples"], "*.parquet", SearchOption.AllDirectories).Count(f => !f.Contains("_delta_log", StringComparison.Ordinal)) - 2;
        Assert.Equal(6, old);

        Assert.Empty((await new LakeVacuum(lake, TimeProvider.System).RunAsync(new VacuumOptions())).Files);
        Assert.Equal(6, (await new LakeVacuum(lake, TimeProvider.System).RunAsync(Now with { DryRun = true })).Files.Count);
        var deleted = await new LakeVacuum(lake, TimeProvider.System).RunAsync(Now);

        Assert.Equal(6, deleted.Files.Count);
        Assert.True(deleted.Bytes > 0);
        Assert.Equal(2, Directory.GetFiles(_folder["tuples"], "part-*.parquet", SearchOption.AllDirectories).Length);
        Assert.Equal(rows, await LakeRows.AllAsync(lake));
    }

    [Fact]
    public async Task A_vacuum_leaves_files_alone_that_a_running_ingest_has_not_committed_yet()
    {
        var lake = await FilledAsync(1);
        var pending = await lake.Tuples.Writer.WriteAsync([Batches.Make(Batches.Blob("PENDING"), 10)], default);

        await new LakeVacuum(lake, TimeProvider.System).RunAsync(Now);
        Assert.True(File.Exists(_folder["tuples/" + pending[0].Path]));

        await new LakeVacuum(lake, TimeProvider.System).RunAsync(Now with { OrphanAge = TimeSpan.Zero });
        Assert.False(File.Exists(_folder["tuples/" + pending[0].Path]));
    }

    [Fact]
    public async Task A_vacuum_years_later_keeps_every_active_file()
    {
        var lake = await FilledAsync(3);
        var rows = await LakeRows.AllAsync(lake);

        await new LakeVacuum(lake, new ManualTime(new DateTime(2036, 1, 1, 0, 0, 0, DateTimeKind.Utc))).RunAsync(Now);

        Assert.Equal(rows, await LakeRows.AllAsync(lake));
    }

    [Fact]
    public async Task Log_entries_before_an_old_checkpoint_go_and_the_table_stays_readable()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { CheckpointEvery = 4 });
        for (var i = 0; i < 10; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}"), 50, seed: i));
        var rows = await LakeRows.AllAsync(lake);

        await new LakeVacuum(lake, TimeProvider.System).RunAsync(Now);
        Assert.Equal(11, Directory.GetFiles(_folder["tuples/_delta_log"], "*.json").Length); // somebody may be about to read them
        await new LakeVacuum(lake, In(TimeSpan.FromHours(1))).RunAsync(Now);

        Assert.Equal([8, 9, 10], Directory.GetFiles(_folder["tuples/_delta_log"], "*.json").Select(f => int.Parse(Path.GetFileNameWithoutExtension(f))).Order());
        var reopened = await FlowLake.OpenAsync(_folder.Path);
        Assert.Equal(rows, await LakeRows.AllAsync(reopened));
        Assert.True((await LakeRows.AppendAsync(reopened, Batches.Make(Batches.Blob("NEW"), 50))).Committed);
    }

    [Fact]
    public async Task A_vacuum_looks_after_every_table()
    {
        var lake = await FilledAsync(1);
        var table = lake.Table("notes", [new("text", ColumnType.String, false, "A note.")]);
        await table.AppendAsync([["old"]]);
        await table.ReplaceAsync([["new"]]);
        await File.WriteAllTextAsync(_folder["read.me"], "no table");

        var young = await new LakeVacuum(lake, TimeProvider.System).RunAsync(new VacuumOptions());
        var deleted = await new LakeVacuum(lake, In(TimeSpan.FromDays(8))).RunAsync(new VacuumOptions());

        Assert.Empty(young.Files);
        Assert.StartsWith("notes/part-", Assert.Single(deleted.Files), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder["notes"], "*.parquet"));
        Assert.Equal("new", Assert.Single(await table.ReadAllAsync())[0]);
        Assert.True(File.Exists(_folder["read.me"]));
    }

    [Fact]
    public async Task A_vacuum_removes_what_killed_writers_left_half_written()
    {
        var lake = await FilledAsync(1);
        string[] left = [$"tuples/event_date=2026-11-20/{Temporary()}", $"tuples/_delta_log/{Temporary()}", Temporary()];
        Directory.CreateDirectory(_folder["tuples/event_date=2026-11-20"]);
        foreach (var file in left)
            await File.WriteAllTextAsync(_folder[file], "half");
        await File.WriteAllTextAsync(_folder[".tmp-mine"], "of somebody else");

        var young = await new LakeVacuum(lake, In(TimeSpan.FromHours(23))).RunAsync(Now);
        var deleted = await new LakeVacuum(lake, In(TimeSpan.FromHours(25))).RunAsync(Now);

        Assert.Empty(young.Files);
        Assert.Equal(left.Order(StringComparer.Ordinal), deleted.Files.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(left, file => File.Exists(_folder[file]));
        Assert.True(File.Exists(_folder[".tmp-mine"]));

        static string Temporary() => FolderLakeStore.TemporaryPrefix + Guid.NewGuid().ToString("N");
    }

    [Fact]
    public async Task A_table_whose_log_is_lost_keeps_its_files()
    {
        var lake = await FilledAsync(2);
        foreach (var entry in Directory.GetFiles(_folder["tuples/_delta_log"]))
            File.Move(entry, entry + ".bak");

        var deleted = await new LakeVacuum(await FlowLake.OpenAsync(_folder.Path), In(TimeSpan.FromDays(400))).RunAsync(Now);

        Assert.Empty(deleted.Files);
    }

    [Fact]
    public async Task Compactions_and_vacuums_beside_writers_change_no_row()
    {
        var writers = Enumerable.Range(0, 3).Select(w => Task.Run(async () =>
        {
            var lake = await FlowLake.OpenAsync(_folder.Path);
            for (var i = 0; i < 8; i++)
                Assert.True((await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"W{w}-{i}"), 60, seed: (w * 100) + i))).Committed);
        })).ToArray();
        var upkeep = await FlowLake.OpenAsync(_folder.Path);
        while (writers.Any(w => !w.IsCompleted))
        {
            await new LakeCompactor(upkeep, TimeProvider.System).RunAsync(Everything);
            await new LakeVacuum(upkeep, TimeProvider.System).RunAsync(Now);
        }

        await Task.WhenAll(writers);
        var rows = Duck.Row($"select count(*), count(distinct (blob, record_index, tuple_index)) from {await LakeRows.DuckAsync(await FlowLake.OpenAsync(_folder.Path))}");
        Assert.Equal([$"{3 * 8 * 60}", $"{3 * 8 * 60}"], rows);
    }

    [Fact]
    public async Task The_information_on_a_lake_agrees_with_its_rows()
    {
        var lake = await FilledAsync(4);

        var info = await LakeInfo.ReadAsync(lake);

        Assert.Equal((4, 2000L, 4L, 4L, 0L), (info.Files, info.Rows, info.Blobs, info.SmallFiles, info.RemovedFiles));
        Assert.Equal(4, info.Version);
        Assert.True(info.Bytes > 1000);
        Assert.Equal(
            [$"{Batches.Ms(info.MinTime!.Value)}", $"{Batches.Ms(info.MaxTime!.Value)}"],
            Duck.Row($"select min(epoch_ms(time)), max(epoch_ms(time)) from {await LakeRows.DuckAsync(lake)}"));
    }

    private static ManualTime In(TimeSpan later) => new(TimeProvider.System.GetUtcNow().UtcDateTime + later);

    private async Task<FlowLake> FilledAsync(int files)
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < files; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}", Batches.Start.AddDays(i % 2)), 500, seed: i));
        return lake;
    }
}
