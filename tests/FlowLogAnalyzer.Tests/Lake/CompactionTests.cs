using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Lake.Parquet.Writing;
using FlowLogAnalyzer.Tests.Lake.FileEncoding;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>Rows before and after, compared by DuckDB, which knows nothing of our reader.</summary>
public sealed class CompactionTests : IDisposable
{
    private static readonly CompactOptions Everything = new() { Before = new DateOnly(2027, 1, 1) };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FileCompression.Snappy, 5, 0, true)]
    [InlineData(FileCompression.None, 40, 40, false)]
    [InlineData(FileCompression.Zstd, 3000, 1, true)]
    [InlineData(FileCompression.Snappy, 100_000, 40, false)]
    public async Task Odd_rows_of_many_files_are_all_there_with_every_column_as_it_was(FileCompression codec, int variety, int nulls, bool shuffled)
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 9; i++)
            await AddFileAsync(lake, $"part-{i}", Encode(new RowsShape(700, 3, variety, nulls, i % 2 == 0, shuffled, 128, 500), codec, i));
        var rows = await LakeRows.AllAsync(lake);

        var result = await new LakeCompactor(lake, TimeProvider.System).RunAsync(Everything with { TargetRows = 2500, Workers = 3 });

        Assert.Equal((9, 3, 6300L, 0), (result.FilesBefore, result.FilesAfter, result.Rows, result.Conflicts));
        Assert.Equal(rows, await LakeRows.AllAsync(lake));
    }

    [Fact]
    public async Task The_rows_of_a_merged_file_are_in_the_order_of_minute_NIC_blob_record_and_tuple()
    {
        const string Order = "date_trunc('minute', record_time), mac, blob, record_index, tuple_index";
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 6; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}"), 400, perRecord: 7, seed: i));

        await new LakeCompactor(lake, TimeProvider.System).RunAsync(Everything);

        var file = Assert.Single(await lake.Tuples.GetActiveFilesAsync());
        var rows = Duck.Query($"SELECT {Order} FROM read_parquet('{file.LocalPath}', file_row_number = true) ORDER BY file_row_number");
        Assert.Equal(Duck.Query($"SELECT {Order} FROM read_parquet('{file.LocalPath}') ORDER BY ALL"), rows);
    }

    [Fact]
    public async Task Files_of_another_writer_are_merged_with_ours()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 4; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}"), 400, seed: i));
        var rows = await LakeRows.AllAsync(lake);
        foreach (var file in (await lake.Tuples.GetActiveFilesAsync()).Take(2))
            await ForeignFiles.RewriteAsync(lake, file);

        var result = await new LakeCompactor(lake, TimeProvider.System).RunAsync(Everything);

        Assert.Equal((4, 1), (result.FilesBefore, result.FilesAfter));
        Assert.Equal(rows, await LakeRows.AllAsync(lake));
    }

    [Fact]
    public async Task A_damaged_file_stops_the_compaction_before_anything_is_committed()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 3; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}"), 400, seed: i));
        var damaged = (await lake.Tuples.GetActiveFilesAsync())[1];
        var bytes = await File.ReadAllBytesAsync(damaged.LocalPath!);
        bytes[1000] ^= 1;
        await File.WriteAllBytesAsync(damaged.LocalPath!, bytes);

        var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await new LakeCompactor(lake, TimeProvider.System).RunAsync(Everything));

        Assert.Contains(damaged.RelativePath, error.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await lake.Tuples.SnapshotAsync()).Version);
        Assert.Equal(3, Directory.GetFiles(_folder["tuples"], "part-*.parquet", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_copy_of_another_file_stops_the_compaction()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 2; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}"), 400 + i, seed: i));
        var files = await lake.Tuples.GetActiveFilesAsync();
        File.Copy(files[0].LocalPath!, files[1].LocalPath!, overwrite: true);

        var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await new LakeCompactor(lake, TimeProvider.System).RunAsync(Everything));

        Assert.Contains($"{files[1].RelativePath}' of the lake '{_folder.Path}' has {files[0].Bytes} bytes, the log says {files[1].Bytes}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_merge_whose_files_were_replaced_meanwhile_leaves_nothing_behind()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 6; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}"), 400, seed: i));
        var rows = await LakeRows.AllAsync(lake);
        var slow = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { WrapStore = store => new BeforeCommit(store, () => Faster(_folder.Path)) });

        var result = await new LakeCompactor(slow, TimeProvider.System).RunAsync(Everything with { TargetRows = 900, Workers = 1 });

        Assert.Equal((0, 3), (result.FilesBefore, result.Conflicts));
        Assert.Equal(rows, await LakeRows.AllAsync(await FlowLake.OpenAsync(_folder.Path)));
        Assert.Equal(6 + 1, Directory.GetFiles(_folder["tuples"], "part-*.parquet", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_compaction_that_dies_at_any_operation_leaves_the_rows_as_they_were()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 0; i < 6; i++)
            await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}"), 60, seed: i));
        var rows = await LakeRows.AllAsync(lake);
        for (var failAt = 1; ; failAt++)
        {
            FaultyStore? store = null;
            var copy = _folder.Path + $"-{failAt}";
            CopyAll(_folder.Path, copy);
            var unlucky = await FlowLake.OpenAsync(copy, new LakeOptions { WrapStore = s => store = new FaultyStore(s, failAt, failAt % 2 == 0) });
            try
            {
                await new LakeCompactor(unlucky, TimeProvider.System).RunAsync(Everything with { TargetRows = 130, Workers = 2 });
            }
            catch (IOException)
            {
                // The disk died, as it was told to.
            }

            Assert.Equal(rows, await LakeRows.AllAsync(await FlowLake.OpenAsync(copy)));
            Directory.Delete(copy, recursive: true);
            if (store!.Operations < failAt)
                break;
        }
    }

    private static void CopyAll(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static async Task Faster(string folder) => await new LakeCompactor(await FlowLake.OpenAsync(folder), TimeProvider.System).RunAsync(Everything);

    private static byte[] Encode(RowsShape shape, FileCompression codec, int seed)
    {
        var rows = new RandomRows(shape, seed);
        using var encoder = new FlowFileEncoder(shape.Options(codec));
        using var file = new MemoryStream();
        encoder.Write(file, rows.Batches, rows.Rows);
        return file.ToArray();
    }

    /// <summary>Adds a file as it is, whatever dates its rows have.</summary>
    private async Task AddFileAsync(FlowLake lake, string name, byte[] content)
    {
        var path = $"event_date=2026-11-23/{name}.parquet";
        Directory.CreateDirectory(_folder["tuples/event_date=2026-11-23"]);
        await File.WriteAllBytesAsync(_folder["tuples/" + path], content);
        var add = new AddFile(path, new Dictionary<string, string?> { [FlowColumns.Partition] = "2026-11-23" }, content.Length, 0) { Stats = """{"numRecords":700}""" };
        var snapshot = await lake.Tuples.Delta.EnsureAsync(default);
        Assert.True((await lake.Tuples.Delta.CommitAsync(snapshot, new DeltaChange("WRITE") { Adds = [add] }, default)).Committed);
    }
}
