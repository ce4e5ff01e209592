using System.Collections.Immutable;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>What the golden tables of Delta's own projects are about, as far as a log can show it, in the smallest logs that do.</summary>
public sealed class GoldenLogTests : IDisposable
{
    private const string Protocol = """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""";
    private const string Metadata = """{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{}}}""";
    private readonly TemporaryFolder _folder = new();

    private DeltaLog Log => new(new FolderLakeStore(_folder.Path), "t", TimeProvider.System);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_is_removed_and_added_again_is_there()
    {
        Entries([Protocol, Metadata, Add("foo")], [Remove("foo")], [Add("foo"), Add("bar")]);

        Assert.Equal(["bar", "foo"], (await Log.LoadAsync(default)).Files.Keys.Order());
    }

    [Fact]
    public async Task A_name_with_special_characters_is_the_same_file_wherever_it_is_spelled()
    {
        Entries([Protocol, Metadata, Add("special%20p@%23h"), Add("bar+%252522"), Add("a%2Db")], [Remove("special%20p@%23h"), Remove("a-b")]);

        Assert.Equal(["bar+%2522"], (await Log.LoadAsync(default)).Files.Keys);
    }

    [Fact]
    public async Task The_latest_protocol_and_metadata_hold()
    {
        Entries([Protocol, Metadata], ["""{"protocol":{"minReaderVersion":1,"minWriterVersion":4}}""", Metadata.Replace("\"id\":\"1\"", "\"id\":\"2\"", StringComparison.Ordinal)]);

        var snapshot = await Log.LoadAsync(default);
        Assert.Equal((4, "2"), (snapshot.Protocol!.MinWriterVersion, snapshot.Metadata!.Id));
    }

    [Theory]
    [InlineData(Metadata, "has no protocol action")]
    [InlineData(Protocol, "has no metaData action")]
    public async Task A_log_without_what_every_log_has_is_refused(string only, string message)
    {
        Entries([only, Add("foo")]);

        Assert.Contains(message, (await Assert.ThrowsAsync<InvalidDataException>(() => Log.LoadAsync(default).AsTask())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_of_any_type_are_told_and_stop_nobody()
    {
        Entries([
            """{"commitInfo":{"timestamp":1,"operation":"WRITE","operationParameters":{"a":true,"b":3,"c":["x"],"d":{"e":1},"f":"text","g":null},"isBlindAppend":"maybe","readVersion":"no","engineInfo":7}}""",
            Protocol, Metadata]);

        var story = (await Log.ReadCommitAsync(0, default))!.Story;
        Assert.Equal(["true", "3", "[\"x\"]", "{\"e\":1}", "text", "null"], story.Parameters.Values);
        Assert.Equal((null, null, null), (story.IsBlindAppend, story.ReadVersion, story.Engine));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_checkpoint_in_parts_counts_when_it_is_complete(bool complete)
    {
        Entries([Protocol, Metadata, .. Enumerable.Range(0, 10).Select(i => Add($"f{i}"))], [Add("last")]);
        var snapshot = await Log.LoadAsync(default);
        for (var part = 1; part <= (complete ? 2 : 1); part++)
        {
            var files = snapshot.Files.Where(f => f.Key[^1] % 2 == part - 1).ToImmutableDictionary();
            await new CheckpointWriter(Log).WriteAsync(snapshot with { Files = files }, 0, default);
            File.Move(_folder[$"t/_delta_log/{1:D20}.checkpoint.parquet"], _folder[$"t/_delta_log/{1:D20}.checkpoint.{part:D10}.{2:D10}.parquet"]);
        }

        Assert.Equal(snapshot.Files.Keys.Order(), (await Log.LoadAsync(default)).Files.Keys.Order());
        File.Delete(_folder[$"t/_delta_log/{0:D20}.json"]);
        if (complete)
            Assert.Equal(snapshot.Files.Keys.Order(), (await Log.LoadAsync(default)).Files.Keys.Order());
        else
            await Assert.ThrowsAsync<InvalidDataException>(() => Log.LoadAsync(default).AsTask());
    }

    [Fact]
    public async Task What_other_writers_keep_in_a_table_survives_a_checkpoint()
    {
        Entries([
            Protocol, Metadata.Replace("\"format\"", "\"description\":\"ours\",\"format\"", StringComparison.Ordinal),
            """{"txn":{"appId":"stream","version":7,"lastUpdated":5}}""",
            """{"add":{"path":"a%20b","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,"tags":{"k":"v","n":null}}}""",
            """{"domainMetadata":{"domain":"somebody.else","configuration":"not json","removed":false}}"""]);
        var before = await Log.LoadAsync(default);
        await new CheckpointWriter(Log).WriteAsync(before, 0, default);
        File.Delete(_folder[$"t/_delta_log/{0:D20}.json"]);

        var after = await Log.LoadAsync(default);

        Assert.Equal(new AppTransaction("stream", 7, 5), Assert.Single(after.Transactions).Value);
        Assert.Equal(("ours", "not json"), (after.Metadata!.Description, after.Domains["somebody.else"]));
        Assert.Equal([new("k", "v"), new("n", null)], after.Files["a b"].Tags!);
        Assert.Equal("a%20b", after.Files["a b"].LogPath);
    }

    private void Entries(params string[][] entries)
    {
        Directory.CreateDirectory(_folder["t/_delta_log"]);
        foreach (var (version, lines) in entries.Index())
            File.WriteAllLines(_folder[$"t/_delta_log/{version:D20}.json"], lines);
    }

    private static string Add(string path) => $$$"""{"add":{"path":"{{{path}}}","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""";

    private static string Remove(string path) => $$$"""{"remove":{"path":"{{{path}}}","deletionTimestamp":1,"dataChange":true}}""";
}
