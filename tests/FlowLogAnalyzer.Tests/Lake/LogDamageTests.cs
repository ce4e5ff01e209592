using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>A log that has lost something: it is read right or not at all, and the message names the file.</summary>
public sealed class LogDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_hole_in_the_log_is_refused_by_its_name_and_nothing_is_ingested(int version)
    {
        await SixCommitsAsync();
        File.Delete(Entry(version));
        LogBlobs.Write(_folder["logs"], 1, LogBlobs.Whole(LogBlobs.Records(1, 1)));

        var error = await Assert.ThrowsAsync<InvalidDataException>(LoadAsync);
        await Assert.ThrowsAsync<InvalidDataException>(() => Ingests.RunAsync(_folder.Path, _folder["logs"]));

        Assert.Contains($"{version:D20}.json' is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("goes on to version 6", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Entry(7)));
    }

    [Fact]
    public async Task A_hole_before_a_checkpoint_is_none()
    {
        var expected = await SixCommitsAsync(checkpointAt: 4);
        File.Delete(Entry(3));

        Assert.Equal((6, expected.Files.Count), ((await LoadAsync()).Version, (await LoadAsync()).Files.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{\"version\":\"four\"}")]
    [InlineData("{\"version\":999999999999999999999999}")]
    [InlineData("{\"version\":3}")]
    public async Task The_hint_is_only_a_hint(string hint)
    {
        var expected = await SixCommitsAsync(checkpointAt: 4);
        await File.WriteAllTextAsync(_folder["tuples/_delta_log/_last_checkpoint"], hint, TestContext.Current.CancellationToken);

        Assert.Equal(expected.Files.Keys.Order(), (await LoadAsync()).Files.Keys.Order());
    }

    [Fact]
    public async Task A_cut_checkpoint_does_not_matter_while_the_entries_are_there_and_is_named_when_they_are_not()
    {
        var expected = await SixCommitsAsync(checkpointAt: 6);
        var checkpoint = _folder[$"tuples/_delta_log/{6:D20}.checkpoint.parquet"];
        await File.WriteAllBytesAsync(checkpoint, (await File.ReadAllBytesAsync(checkpoint, TestContext.Current.CancellationToken))[..^100], TestContext.Current.CancellationToken);

        Assert.Equal(expected.Files.Keys.Order(), (await LoadAsync()).Files.Keys.Order());

        for (var version = 0; version <= 6; version++)
            File.Delete(Entry(version));
        Assert.Contains($"{6:D20}.checkpoint.parquet' is not a readable checkpoint", (await Assert.ThrowsAsync<InvalidDataException>(LoadAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_lost_any_of_its_lines_is_refused()
    {
        await SixCommitsAsync();
        var lines = await File.ReadAllLinesAsync(Entry(6), TestContext.Current.CancellationToken);
        Assert.Equal(3, lines.Length); // commitInfo, domainMetadata, add

        for (var lost = 0; lost < lines.Length; lost++)
        {
            await File.WriteAllLinesAsync(Entry(6), lines.Where((_, i) => i != lost), TestContext.Current.CancellationToken);
            var error = await Assert.ThrowsAsync<InvalidDataException>(LoadAsync);
            Assert.Contains($"{6:D20}.json' is not whole", error.Message, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Entry(6), "", TestContext.Current.CancellationToken);
        Assert.Contains("it is empty", (await Assert.ThrowsAsync<InvalidDataException>(LoadAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_position_that_is_no_JSON_names_the_file_and_the_line()
    {
        await SixCommitsAsync();
        var text = await File.ReadAllTextAsync(Entry(4), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Entry(4), text.Replace("\"configuration\":\"{", "\"configuration\":\"{{", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Contains($"{4:D20}.json', line 2", (await Assert.ThrowsAsync<InvalidDataException>(LoadAsync)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../other/part.parquet")]
    [InlineData("event_date=2026-11-22/../../secret.parquet")]
    [InlineData("%2e%2e/other.parquet")]
    [InlineData("./event_date=2026-11-22/part.parquet")]
    [InlineData("event_date=2026-11-22//part.parquet")]
    [InlineData("event_date=2026-11-22/./part.parquet")]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("abfss://other@account.dfs.core.windows.net/part.parquet")]
    [InlineData("..\\\\part.parquet")]
    public async Task A_path_that_leads_out_of_the_table_or_is_a_second_name_is_refused(string path)
    {
        await SixCommitsAsync();
        await AddAsync(7, path);

        Assert.Contains($"{7:D20}.json', line 1", (await Assert.ThrowsAsync<InvalidDataException>(LoadAsync)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0}/tuples/event_date=2026-11-22/a%20b.parquet")]
    [InlineData("file:{0}/tuples/event_date=2026-11-22/a%20b.parquet")]
    [InlineData("file://{0}/tuples/event_date=2026-11-22/a b.parquet")]
    [InlineData("event_date=2026-11-22/a%20b.parquet")]
    public async Task A_file_of_the_table_has_one_name_however_it_is_spelled_and_is_taken_out_as_it_was_spelled(string path)
    {
        await SixCommitsAsync();
        path = path.Replace("{0}", _folder.Path, StringComparison.Ordinal);
        await AddAsync(7, path);
        var lake = await FlowLake.OpenAsync(_folder.Path);
        var snapshot = await lake.Tuples.SnapshotAsync();
        Assert.Contains("event_date=2026-11-22/a b.parquet", snapshot.Files.Keys);
        await lake.Tuples.Delta.CheckpointAsync(snapshot, default);

        snapshot = await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync();
        await lake.Tuples.Delta.CommitAsync(snapshot, new DeltaChange("DROP") { Removes = ["event_date=2026-11-22/a b.parquet"] }, default);

        Assert.Contains($"\"remove\":{{\"path\":\"{path}\"", await File.ReadAllTextAsync(Entry(8), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain("event_date=2026-11-22/a b.parquet", (await LoadAsync()).Files.Keys);
    }

    private async Task<DeltaSnapshot> SixCommitsAsync(int? checkpointAt = null)
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        for (var i = 1; i <= 6; i++)
        {
            var snapshot = (await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob($"B{i}"), 10, seed: i))).Snapshot;
            if (i == checkpointAt)
                await lake.Tuples.Delta.CheckpointAsync(snapshot, default);
        }

        return await lake.Tuples.SnapshotAsync();
    }

    private Task AddAsync(int version, string path) => File.WriteAllTextAsync(
        Entry(version),
        $$$"""{"add":{"path":"{{{path}}}","partitionValues":{"event_date":"2026-11-22"},"size":1,"modificationTime":1,"dataChange":true}}""" + "\n");

    private string Entry(int version) => _folder[$"tuples/_delta_log/{version:D20}.json"];

    private async Task<DeltaSnapshot> LoadAsync() => await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync();
}
