using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Blobs;

public sealed class LocalBlobSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lists_every_file_below_a_folder_in_order_and_knows_the_blobs()
    {
        LogBlobs.Write(_folder.Path, 2, "x");
        LogBlobs.Write(_folder.Path, 1, "xy");
        LogBlobs.WriteFile(_folder["other.bin"], [1, 2, 3]);
        LogBlobs.WriteFile(_folder[".hidden"], [1]);
        Directory.CreateDirectory(_folder["lake/tuples/_delta_log"]);
        LogBlobs.WriteFile(_folder["lake/tuples/part.parquet"], [1]);

        var blobs = (await ListAsync(_folder.Path)).Select(e => e.Blob!).ToList();

        Assert.Equal([3L, 2L, 1L], blobs.Select(b => b.Length));
        Assert.Equal("002248000001", blobs[1].Identity.Mac);
        Assert.StartsWith("resourceId=", blobs[1].Identity.Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_does_not_exist_and_a_dangling_link_are_entries_with_a_sentence()
    {
        File.CreateSymbolicLink(_folder["dangling.json"], _folder["nowhere.json"]);

        Assert.Contains("There is no file or folder", Assert.Single(await ListAsync(_folder["missing"])).Problem, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(await ListAsync(_folder.Path)).Problem);
    }

    [Fact]
    public async Task A_folder_without_rights_is_an_entry_and_the_rest_goes_on()
    {
        LogBlobs.WriteFile(_folder["a/closed/x.json"], [1]);
        LogBlobs.WriteFile(_folder["b/open.json"], [1]);
        File.SetUnixFileMode(_folder["a/closed"], UnixFileMode.None);
        try
        {
            // The superuser reads everything, so there is nothing to see for it.
            Assert.SkipWhen(Environment.IsPrivilegedProcess, "rights do not bind a privileged process");
            var entries = await ListAsync(_folder.Path);

            Assert.Contains(entries, e => e.Blob is not null);
            Assert.Contains("cannot be listed", Assert.Single(entries, e => e.Blob is null).Problem, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(_folder["a/closed"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task A_range_is_read_to_the_listed_length()
    {
        var path = LogBlobs.WriteFile(_folder["x.json"], [1, 2, 3, 4, 5]);
        var source = new LocalBlobSource(path);
        var blob = (await ListAsync(path)).Single().Blob!;

        await using var stream = await source.OpenAsync(blob, 2, default);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);

        Assert.Equal([3, 4, 5], copy.ToArray());
    }

    [Fact]
    public async Task A_file_that_changed_since_it_was_listed_is_noticed_when_it_is_opened_and_when_it_ends()
    {
        var path = LogBlobs.WriteFile(_folder["x.json"], [1, 2, 3, 4, 5]);
        var source = new LocalBlobSource(path);
        var blob = (await ListAsync(path)).Single().Blob!;
        await using var stream = await source.OpenAsync(blob, 0, default);
        Assert.Equal(5, await stream.ReadAsync(new byte[10]));

        LogBlobs.WriteFile(path, [1, 2, 3, 4, 5, 6], version: 2);

        await Assert.ThrowsAsync<BlobChangedException>(async () => _ = await stream.ReadAsync(new byte[10]));
        await Assert.ThrowsAsync<BlobChangedException>(async () => await source.OpenAsync(blob, 0, default));
        Assert.Equal(6, (await source.RefreshAsync(blob, default))!.Length);
        File.Delete(path);
        await Assert.ThrowsAsync<BlobGoneException>(async () => await source.OpenAsync(blob, 0, default));
        Assert.Null(await source.RefreshAsync(blob, default));
    }

    [Fact]
    public async Task A_window_of_hours_leaves_out_what_is_outside()
    {
        for (var h = 0; h < 4; h++)
            LogBlobs.Write(_folder.Path, h, "x", hour: LogBlobs.Hour.AddHours(h));

        var listed = new List<SourceEntry>();
        await foreach (var entry in new LocalBlobSource(_folder.Path).ListAsync(new BlobWindow(LogBlobs.Hour.AddHours(1), LogBlobs.Hour.AddHours(3)), default))
            listed.Add(entry);

        Assert.Equal([LogBlobs.Hour.AddHours(1), LogBlobs.Hour.AddHours(2)], listed.Select(e => e.Blob!.Identity.Hour!.Value.StartUtc).Order());
    }

    private static async Task<List<SourceEntry>> ListAsync(string path)
    {
        var entries = new List<SourceEntry>();
        await foreach (var entry in new LocalBlobSource(path).ListAsync(new BlobWindow(), default))
            entries.Add(entry);
        return entries;
    }
}
