using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.Maintenance;

public sealed class LakeRepairTests : IDisposable
{
    private static readonly TimeProvider Clock = TimeProvider.System;
    private readonly TemporaryFolder _folder = new();

    private string Logs => _folder["logs"];

    private string Lake => _folder["lake"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_damaged_file_goes_in_one_commit_and_the_next_ingest_reads_its_blobs_once(bool archived)
    {
        var clean = await ThreeCommitsAsync();
        var lake = await FlowLake.OpenAsync(Lake);
        if (archived)
            await new PositionRetirement(lake, Clock).RunAsync(DateOnly.MaxValue);
        var damaged = (await lake.Tuples.GetActiveFilesAsync())[1];
        await File.WriteAllBytesAsync(damaged.LocalPath!, new byte[100]);
        var version = (await lake.Tuples.SnapshotAsync()).Version;

        var dry = await new LakeRepair(lake, Clock).RunAsync(dryRun: true);
        var result = await new LakeRepair(lake, Clock).RunAsync();

        Assert.Equal(["tuples/" + damaged.RelativePath], result.DroppedFiles);
        Assert.Equal((dry.Blobs, 1), (result.Blobs, result.Blobs.Count), Same);
        Assert.Empty(result.Left);
        Assert.Equal(version + 1, (await lake.Tuples.SnapshotAsync()).Version);
        Assert.Equal(40 * 2, (await Ingests.RowsAsync(Lake)).Length);
        var again = await Ingests.RunAsync(Lake, Logs);
        Assert.Equal((1, 2), (again.Blobs.Read, again.Blobs.Unchanged));
        Assert.Equal(clean, await Ingests.RowsAsync(Lake));
        Assert.Equal(0, (await Ingests.RunAsync(Lake, Logs)).Rows);
        Assert.True((await new LakeVerifier(lake, Clock).RunAsync()).IsSound);
    }

    [Fact]
    public async Task A_blob_with_rows_in_a_sound_file_too_keeps_them_until_it_is_read_again()
    {
        LogBlobs.Write(Logs, 0, LogBlobs.Whole(LogBlobs.Records(0, 2)));
        await Ingests.RunAsync(Lake, Logs);
        LogBlobs.Write(Logs, 0, LogBlobs.Whole(LogBlobs.Records(0, 5)), 2);
        await Ingests.RunAsync(Lake, Logs);
        var clean = await Ingests.CleanRowsAsync(Logs);
        var lake = await FlowLake.OpenAsync(Lake);
        var damaged = (await lake.Tuples.GetActiveFilesAsync()).MaxBy(f => f.Rows)!;
        File.Delete(damaged.LocalPath!);

        var result = await new LakeRepair(lake, Clock).RunAsync();

        Assert.Equal((1, 40L), (result.Blobs.Count, result.Rows));
        Assert.Equal(40, (await Ingests.RowsAsync(Lake)).Length);
        await Ingests.RunAsync(Lake, Logs);
        Assert.Equal(clean, await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task Rows_that_somebody_took_away_or_put_in_twice_are_read_again()
    {
        var clean = await ThreeCommitsAsync();
        var lake = await FlowLake.OpenAsync(Lake);
        var snapshot = await lake.Tuples.SnapshotAsync();
        var files = await lake.Tuples.GetActiveFilesAsync();
        var copy = files[1].RelativePath.Replace("part-", "part-copy-", StringComparison.Ordinal);
        File.Copy(files[1].LocalPath!, Path.Combine(Lake, "tuples", copy));
        var change = new DeltaChange("RESTORE") { Adds = [snapshot.Files[files[1].RelativePath] with { Path = copy }], Removes = [files[0].RelativePath] };
        await lake.Tuples.Delta.CommitAsync(snapshot, change, default);

        var problems = (await new LakeVerifier(lake, Clock).RunAsync()).Problems;
        await new LakeRepair(lake, Clock).RunAsync();

        Assert.Equal([LakeProblemKind.RowsMissing, LakeProblemKind.RowsTwice], problems.Select(p => p.Kind));
        Assert.Contains("40 of its rows are missing: its reading position says 40, the lake holds 0. Its files were last changed by RESTORE of version", problems[0].Problem, StringComparison.Ordinal);
        Assert.Equal(2, (await Ingests.RunAsync(Lake, Logs)).Blobs.Read);
        Assert.Equal(clean, await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task Rows_that_were_deleted_on_purpose_stay_deleted()
    {
        await ThreeCommitsAsync();
        var lake = await FlowLake.OpenAsync(Lake);
        var file = (await lake.Tuples.GetActiveFilesAsync())[0];
        await lake.Tuples.Delta.CommitAsync(await lake.Tuples.SnapshotAsync(), new DeltaChange("DELETE") { Removes = [file.RelativePath] }, default);

        var found = await new LakeVerifier(lake, Clock).RunAsync();
        var result = await new LakeRepair(lake, Clock).RunAsync();

        Assert.Empty(found.Problems);
        Assert.StartsWith("40 rows of 1 blobs were deleted on purpose: DELETE of version 4, ", Assert.Single(found.Notes), StringComparison.Ordinal);
        Assert.Empty(result.Blobs);
        Assert.Equal(0, (await Ingests.RunAsync(Lake, Logs)).Rows);
    }

    [Fact]
    public async Task A_file_that_the_log_describes_wrongly_is_written_anew()
    {
        var clean = await ThreeCommitsAsync();
        var entry = Path.Combine(Lake, "tuples/_delta_log/00000000000000000002.json");
        var text = await File.ReadAllTextAsync(entry);
        await File.WriteAllTextAsync(entry, text.Replace("\\\"numRecords\\\":40", "\\\"numRecords\\\":41", StringComparison.Ordinal));
        var lake = await FlowLake.OpenAsync(Lake);

        var result = await new LakeRepair(lake, Clock).RunAsync();

        Assert.Single(result.RewrittenFiles);
        Assert.True((await new LakeVerifier(lake, Clock).RunAsync()).IsSound);
        Assert.Equal(clean, await Ingests.RowsAsync(Lake));
    }

    private static bool Same((IReadOnlyList<string> Blobs, int Count) a, (IReadOnlyList<string> Blobs, int Count) b) => a.Count == b.Count && a.Blobs.SequenceEqual(b.Blobs);

    /// <summary>Three blobs of 40 rows, each in a file of its own; returns the rows.</summary>
    private async Task<string[]> ThreeCommitsAsync()
    {
        for (var nic = 0; nic < 3; nic++)
        {
            LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 2)));
            await Ingests.RunAsync(Lake, Logs);
        }

        return await Ingests.CleanRowsAsync(Logs);
    }
}
