using System.IO.Hashing;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake;

/// <summary>A data file is the one that was written, or nobody gets to see its rows.</summary>
public sealed partial class SealedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_bit_that_flipped_anywhere_in_a_file_stops_the_query_and_names_the_file()
    {
        var file = await OneFileAsync();
        var (bytes, random) = (await File.ReadAllBytesAsync(file.LocalPath!), new Random(3));
        for (var round = 0; round < 60; round++)
        {
            // A third of them in the footer, whose statistics no checksum of Parquet covers.
            var bit = round % 3 == 0 ? random.Next((bytes.Length - 3000) * 8, bytes.Length * 8) : random.Next(bytes.Length * 8);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(file.LocalPath!, bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));

            var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await LakeRows.AllAsync(await FlowLake.OpenAsync(_folder.Path)));

            Assert.Contains($"'tuples/{file.RelativePath}'", error.Message, StringComparison.Ordinal);
            Assert.Contains("flowlog lake repair", error.Message, StringComparison.Ordinal);
        }

        await File.WriteAllBytesAsync(file.LocalPath!, bytes);
        Assert.Equal(600, (await LakeRows.AllAsync(await FlowLake.OpenAsync(_folder.Path))).Length);
    }

    [Fact]
    public async Task A_file_that_is_cut_or_gone_is_said_to_be_so()
    {
        var file = await OneFileAsync();
        await File.WriteAllBytesAsync(file.LocalPath!, (await File.ReadAllBytesAsync(file.LocalPath!))[..^1]);

        var cut = await Assert.ThrowsAsync<InvalidDataException>(async () => await LakeRows.AllAsync(await FlowLake.OpenAsync(_folder.Path)));
        File.Delete(file.LocalPath!);
        var gone = await Assert.ThrowsAsync<InvalidDataException>(async () => await LakeRows.AllAsync(await FlowLake.OpenAsync(_folder.Path)));

        Assert.Contains($"has {file.Bytes - 1} bytes, the log says {file.Bytes}.", cut.Message, StringComparison.Ordinal);
        Assert.Contains($"'tuples/{file.RelativePath}' of the lake '{_folder.Path}' is not there.", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_file_from_before_digests_the_checksums_of_the_pages_say_where_it_is_damaged()
    {
        var file = await OneFileAsync();
        var entry = _folder["tuples/_delta_log/00000000000000000001.json"];
        await File.WriteAllTextAsync(entry, TagsPart().Replace(await File.ReadAllTextAsync(entry), ""));
        Assert.Equal(600, (await LakeRows.AllAsync(await FlowLake.OpenAsync(_folder.Path))).Length);
        var bytes = await File.ReadAllBytesAsync(file.LocalPath!);
        bytes[bytes.AsSpan().IndexOf("UserRule_"u8)] ^= 1;
        await File.WriteAllBytesAsync(file.LocalPath!, bytes);

        var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await LakeRows.AllAsync(await FlowLake.OpenAsync(_folder.Path)));

        Assert.Contains("is damaged: row group 0, column 'rule', dictionary: the checksum is not that of the bytes.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_writer_notes_the_digest_of_its_file_and_a_checkpoint_keeps_it()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path, new LakeOptions { CheckpointEvery = 1 });
        var blobs = Enumerable.Range(0, 3).Select(i => Batches.Blob($"B{i}")).ToList();
        await LakeRows.AppendAsync(lake, [.. blobs.Select(b => Batches.Make(b, 100))]);
        await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob("C"), 100));
        await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = DateOnly.MaxValue });
        var planned = await lake.Tuples.SnapshotAsync();
        var removal = await new BlobRowRemover(lake.Tuples).RemoveAsync(planned, new HashSet<string> { blobs[1].Key }, default);
        await lake.Tuples.Delta.CommitAsync(planned, new DeltaChange("WRITE") { Adds = removal.Adds, Removes = removal.Removes }, default);
        var small = lake.Table("small", [new Column("name", ColumnType.String, false, "A name.")]);
        await small.AppendAsync([["a"]]);

        var tuples = await (await FlowLake.OpenAsync(_folder.Path)).Tuples.SnapshotAsync();

        Assert.All(tuples.Files.Values, f => Assert.Equal(FileDigest.Of(f), HashOf("tuples/" + f.Path)));
        Assert.All((await small.SnapshotAsync()).Files.Values, f => Assert.Equal(FileDigest.Of(f), HashOf("small/" + f.Path)));
        Assert.True(File.Exists(_folder[$"tuples/_delta_log/{tuples.Version:D20}.checkpoint.parquet"]));
        Assert.Equal("a", (await small.ReadAllAsync())[0][0]);
    }

    [Fact]
    public async Task A_damaged_file_of_a_small_table_is_not_read()
    {
        var small = (await FlowLake.OpenAsync(_folder.Path)).Table("small", [new Column("name", ColumnType.String, false, "A name.")]);
        await small.AppendAsync([["alpha"]]);
        var file = Assert.Single(Directory.GetFiles(_folder["small"], "*.parquet"));
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.AsSpan().IndexOf("alpha"u8)] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await small.ReadAllAsync());

        Assert.Contains($"'small/{Path.GetFileName(file)}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_in_the_cache_with_other_bytes_is_fetched_anew_and_not_believed()
    {
        var file = await OneFileAsync();
        CachedStore? store = null;
        var remote = new LakeOptions { WrapStore = s => store = new CachedStore(s, new LakeFileCache(_folder["cache"], 1 << 20, TimeProvider.System)) };
        var copy = (await (await FlowLake.OpenAsync(_folder.Path, remote)).Tuples.GetLocalFilesAsync())[0].LocalPath!;
        await File.WriteAllBytesAsync(copy, new byte[file.Bytes]);

        var rows = await LakeRows.AllAsync(await FlowLake.OpenAsync(_folder.Path, remote));

        Assert.StartsWith(_folder["cache"], copy, StringComparison.Ordinal);
        Assert.Equal((600, 1), (rows.Length, store!.Fetches));
    }

    [GeneratedRegex(@",""tags"":\{[^}]*\}")]
    private static partial Regex TagsPart();

    private string HashOf(string path) => Convert.ToHexStringLower(XxHash128.Hash(File.ReadAllBytes(_folder[path])));

    private async Task<TupleFile> OneFileAsync()
    {
        var lake = await FlowLake.OpenAsync(_folder.Path);
        await LakeRows.AppendAsync(lake, Batches.Make(Batches.Blob("A"), 600));
        return Assert.Single(await lake.Tuples.GetActiveFilesAsync());
    }

    /// <summary>A folder that is reached as storage far away is: by copies.</summary>
    private sealed class CachedStore(ILakeStore inner, LakeFileCache cache) : StoreDecorator(inner), ILakeStore
    {
        public int Fetches { get; private set; }

        public bool DropCopy(string path) => cache.Forget(Location, path);

        public ValueTask<string> FetchAsync(string path, long? length, CancellationToken ct)
        {
            if (cache.Find(Location, path, length) is { } copy)
                return new(copy);
            Fetches++;
            var temporary = cache.NewTemporary();
            File.Copy(LocalPath(path)!, temporary);
            return new(cache.Adopt(Location, path, temporary));
        }
    }
}
