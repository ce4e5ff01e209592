using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.Maintenance;

public sealed class LakeVerifierTests : IDisposable
{
    private static readonly TimeProvider Clock = TimeProvider.System;
    private readonly TemporaryFolder _folder = new();

    private string Logs => _folder["logs"];

    private string Lake => _folder["lake"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_lake_that_has_lived_is_sound()
    {
        await LivedAsync();

        var result = await VerifyAsync();

        Assert.Equal("", Text(result));
        Assert.Equal((2, 360L, 6), (result.Tables, result.Rows, result.Blobs));
        Assert.True(result.LogFiles > 6 && result.DataFiles >= 3, $"{result.LogFiles} log files, {result.DataFiles} data files");
    }

    [Fact]
    public async Task A_flipped_bit_in_any_file_that_counts_is_found_and_the_file_is_named()
    {
        await LivedAsync();
        var snapshot = await (await FlowLake.OpenAsync(Lake)).Tuples.SnapshotAsync();
        var random = new Random(11);
        foreach (var file in Directory.GetFiles(Lake, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(Lake, file).Replace('\\', '/');
            if (name.Contains("_delta_log", StringComparison.Ordinal) || (name.StartsWith("tuples/", StringComparison.Ordinal) && !snapshot.Files.ContainsKey(name["tuples/".Length..])))
                continue; // a checkpoint, or a file that is no longer part of the table
            var bytes = await File.ReadAllBytesAsync(file);
            for (var round = 0; round < 8; round++)
            {
                var at = random.Next(bytes.Length * 8);
                bytes[at / 8] ^= (byte)(1 << (at % 8));
                await File.WriteAllBytesAsync(file, bytes);
                bytes[at / 8] ^= (byte)(1 << (at % 8));

                Assert.Contains((await VerifyAsync()).Problems, p => p.File == name);
            }

            await File.WriteAllBytesAsync(file, bytes);
        }

        Assert.Equal("", Text(await VerifyAsync()));
    }

    [Theory]
    [InlineData("\\\"numRecords\\\":", "numRecords: the log says 960, the file has 60")]
    [InlineData("\\\"time\\\":\\\"2026-11-20T09:0", "minValues of time: the log says \"2026-11-20T09:09")]
    public async Task A_number_in_the_log_that_the_file_does_not_bear_out_is_found(string before, string expected)
    {
        Write(0, 1, 3);
        await Ingests.RunAsync(Lake, Logs);
        var entry = Path.Combine(Lake, "tuples/_delta_log/00000000000000000001.json");
        var text = await File.ReadAllTextAsync(entry);
        var at = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        await File.WriteAllTextAsync(entry, before.Contains("num", StringComparison.Ordinal) ? text.Insert(at, "9") : text.Remove(at, 1).Insert(at, "9"));

        var problem = Assert.Single((await VerifyAsync()).Problems, p => p.Kind == LakeProblemKind.Statistics);

        Assert.StartsWith(expected, problem.Place, StringComparison.Ordinal);
        Assert.Equal("flowlog lake repair", problem.Next);
    }

    [Fact]
    public async Task A_checkpoint_that_says_something_else_than_the_entries_is_found()
    {
        Write(0, 1, 3);
        await Ingests.RunAsync(Lake, Logs);
        var lake = await FlowLake.OpenAsync(Lake);
        var snapshot = await lake.Tuples.SnapshotAsync();
        await lake.Tuples.Delta.CheckpointAsync(snapshot with { Files = snapshot.Files.Clear() }, default);

        var problems = (await VerifyAsync()).Problems;

        Assert.Contains(problems, p => p.Kind == LakeProblemKind.Checkpoint && p.Place.StartsWith("lacks event_date=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_entry_of_the_log_that_is_gone_is_named()
    {
        for (var nic = 0; nic < 4; nic++)
        {
            Write(nic, 1, 3);
            await Ingests.RunAsync(Lake, Logs);
        }

        File.Delete(Path.Combine(Lake, "tuples/_delta_log/00000000000000000002.json"));

        Assert.Contains((await VerifyAsync()).Problems, p => p is { Kind: LakeProblemKind.Log, File: "tuples/_delta_log/00000000000000000002.json" });
    }

    [Fact]
    public async Task A_position_that_is_none_is_named_by_its_blob_and_a_repair_has_the_blob_read_again()
    {
        Write(0, 1, 3);
        Write(1, 1, 3);
        await Ingests.RunAsync(Lake, Logs);
        var lake = await FlowLake.OpenAsync(Lake);
        var snapshot = await lake.Tuples.SnapshotAsync();
        var domain = snapshot.Domains.Keys.First(d => d.StartsWith(BlobPosition.DomainPrefix, StringComparison.Ordinal));
        var change = new DeltaChange("WRITE") { Domains = new Dictionary<string, string?> { [domain] = """{"length":1}""" } };
        await lake.Tuples.Delta.CommitAsync(snapshot, change, default);

        var problem = Assert.Single((await VerifyAsync()).Problems, p => p.Kind == LakeProblemKind.Positions);
        await new LakeRepair(await FlowLake.OpenAsync(Lake), Clock).RunAsync();
        await Ingests.RunAsync(Lake, Logs);

        Assert.Equal((domain[BlobPosition.DomainPrefix.Length..], "flowlog lake repair"), (problem.Place, problem.Next));
        var mended = await VerifyAsync();
        Assert.Equal(("", 120L), (Text(mended), mended.Rows));
    }

    [Fact]
    public async Task Rows_without_a_position_and_rows_that_are_there_twice_are_named_by_their_blob()
    {
        Write(0, 1, 3);
        await Ingests.RunAsync(Lake, Logs);
        var lake = await FlowLake.OpenAsync(Lake);
        var snapshot = await lake.Tuples.SnapshotAsync();
        var file = Assert.Single(await lake.Tuples.GetActiveFilesAsync());
        var copy = file.RelativePath.Replace("part-", "part-copy-", StringComparison.Ordinal);
        File.Copy(file.LocalPath!, Path.Combine(Lake, "tuples", copy));
        var strange = await lake.Tuples.Writer.WriteAsync([Batches.Make(Batches.Blob("B"), 10)], default);
        await lake.Tuples.Delta.CommitAsync(snapshot, new DeltaChange("WRITE") { Adds = [snapshot.Files[file.RelativePath] with { Path = copy }, .. strange] }, default);

        var result = await VerifyAsync();

        Assert.Contains(result.Problems, p => p.Kind == LakeProblemKind.RowsTwice && p.Problem.StartsWith("60 of its rows are in the lake twice", StringComparison.Ordinal));
        Assert.Contains(result.Problems, p => p.Kind == LakeProblemKind.RowsUnknown && p.Place == Batches.Blob("B").Key);
        Assert.Contains("70 rows more", await LakeBalance.WarningAsync(lake, await lake.Tuples.SnapshotAsync()), StringComparison.Ordinal);
    }

    private static string Text(LakeVerification result) => string.Join('\n', result.Problems.Select(p => $"{p.Kind} {p.File} {p.Place} {p.Problem}").Concat(result.Notes));

    private async Task<LakeVerification> VerifyAsync() => await new LakeVerifier(await FlowLake.OpenAsync(Lake), Clock).RunAsync();

    private void Write(int nic, int version, int records, int day = 0) =>
        LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, records, hour: LogBlobs.Hour.AddDays(day))), version, LogBlobs.Hour.AddDays(day));

    /// <summary>Three dates, growth, a rewritten blob, compaction, archived positions, checkpoints, retention and a small table.</summary>
    private async Task LivedAsync()
    {
        for (var day = 0; day < 4; day++)
            for (var nic = 0; nic < 2; nic++)
                Write(nic, 1, 2, day);
        await Ingests.RunAsync(Lake, Logs);
        for (var day = 0; day < 4; day++)
            Write(0, 2, 4, day);
        await Ingests.RunAsync(Lake, Logs);
        var lake = await FlowLake.OpenAsync(Lake);
        await new LakeCompactor(lake, Clock).RunAsync(new CompactOptions { Before = DateOnly.FromDateTime(LogBlobs.Hour).AddDays(2) });
        await new LakeRetention(lake).RunAsync(DateOnly.FromDateTime(LogBlobs.Hour).AddDays(1));
        await new LakeCheckpoint(lake, Clock).RunAsync(TimeSpan.FromDays(1));
        await lake.Table("small", [new Column("name", ColumnType.String, false, "A name.")]).AppendAsync([["a"], ["b"]]);
        Assert.Null(await LakeBalance.WarningAsync(lake, await lake.Tuples.SnapshotAsync()));
        Assert.Equal(0, await LakeBalance.OfAsync(lake, await lake.Tuples.SnapshotAsync()));
    }
}
