using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Blobs.Remote;

public sealed class AzureBlobSourceTests
{
    private static readonly DateTime Hour = LogBlobs.Hour;

    [Fact]
    public async Task Everything_is_listed_in_order_with_its_state()
    {
        var logs = await RemoteLogs.CreateAsync();
        for (var nic = 3; nic > 0; nic--)
            await logs.Writer.CommitAsync(RemoteLogs.Name(nic), LogBlobs.Record(nic, 0, 5));

        var entries = await ListAsync(logs.Source(), new BlobWindow());

        Assert.Equal(logs.Writer.Names.Select(n => $"{logs.Address}/{n}"), entries.Select(e => e.Path));
        var properties = (await logs.Container.GetBlobClient(RemoteLogs.Name(1)).GetPropertiesAsync()).Value;
        var blob = entries[0].Blob!;
        Assert.Equal((properties.ContentLength, properties.ETag.ToString().Trim('"'), "002248000001"), (blob.Length, blob.ETag, blob.Identity.Mac));
        Assert.Equal(blob, await logs.Source().RefreshAsync(blob, default));
    }

    [Fact]
    public async Task A_window_lists_its_hours_and_does_not_ask_for_other_days()
    {
        var logs = await RemoteLogs.CreateAsync();
        for (var day = 0; day < 20; day++)
            await logs.Writer.CommitAsync(RemoteLogs.Name(1, Hour.AddDays(-day)), LogBlobs.Record(1, 0, 1));
        for (var hour = 1; hour < 5; hour++)
            await logs.Writer.CommitAsync(RemoteLogs.Name(1, Hour.AddHours(hour)), LogBlobs.Record(1, 0, 1));
        var transport = new MeteredTransport();

        var entries = await ListAsync(logs.Source(transport), new BlobWindow(Hour.AddMinutes(30), Hour.AddHours(2)));

        Assert.Equal([Hour, Hour.AddHours(1)], entries.Select(e => e.Blob!.Identity.Hour!.Value.StartUtc));
        // resourceId=, SUBSCRIPTIONS, …: 9 levels to the NSG, then year, month, day, and two hours listed flat.
        Assert.InRange(transport.Listings, 5, 16);
    }

    [Fact]
    public async Task A_window_gives_what_filtering_the_whole_listing_gives()
    {
        var logs = await RemoteLogs.CreateAsync();
        foreach (var hours in new[] { -800, -30, -2, -1, 0, 1, 2, 30, 800 })
            await logs.Writer.CommitAsync(RemoteLogs.Name(1, Hour.AddHours(hours)), LogBlobs.Record(1, 0, 1));
        await logs.Writer.CommitAsync("stray.json", LogBlobs.Record(1, 0, 1));
        var all = await ListAsync(logs.Source(), new BlobWindow());

        foreach (var (since, until) in new (DateTime?, DateTime?)[] { (Hour, null), (null, Hour), (Hour.AddHours(-2), Hour.AddMinutes(1)), (Hour.AddDays(-40), Hour.AddDays(2)), (Hour.AddDays(99), null) })
        {
            var window = new BlobWindow(since, until);
            Assert.Equal(
                all.Where(e => window.Contains(e.Blob!.Identity)).Select(e => e.Path).Order(StringComparer.Ordinal),
                (await ListAsync(logs.Source(), window)).Select(e => e.Path).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task More_names_than_fit_a_page_are_continued()
    {
        var logs = await RemoteLogs.CreateAsync();
        foreach (var hour in Enumerable.Range(0, 4))
            for (var nic = 0; nic < 11; nic++)
                await logs.Writer.CommitAsync(RemoteLogs.Name(nic, Hour.AddHours(hour)), Array.Empty<string>());
        var transport = new MeteredTransport();
        var source = new AzureBlobSource(StorageLocation.Parse(logs.Address), logs.Access(transport)) { PageSize = 5 };

        var all = await ListAsync(source, new BlobWindow());
        var pages = transport.Listings;
        var window = await ListAsync(source, new BlobWindow(Hour.AddHours(1)));

        Assert.Equal(logs.Writer.Names.Select(n => $"{logs.Address}/{n}"), all.Select(e => e.Path));
        Assert.Equal(9, pages);
        Assert.Equal(all.Skip(11).Select(e => e.Path), window.Select(e => e.Path));
    }

    [Theory]
    [InlineData(0, 9_000_000)]
    [InlineData(2_097_151, 9_000_000)]
    [InlineData(8_999_999, 9_000_000)]
    [InlineData(100, 101)]
    [InlineData(0, 0)]
    public async Task A_range_comes_whole_and_in_order_however_many_parts_it_has(int offset, int length)
    {
        var logs = await RemoteLogs.CreateAsync();
        var content = new byte[length];
        new Random(1).NextBytes(content);
        await logs.Container.GetBlobClient("big").UploadAsync(BinaryData.FromBytes(content));
        var source = logs.Source();
        var blob = (await ListAsync(source, new BlobWindow())).Single().Blob!;

        using var copy = new MemoryStream();
        await using (var stream = await source.OpenAsync(blob, offset, default))
            await stream.CopyToAsync(copy);

        Assert.True(content.AsSpan(offset).SequenceEqual(copy.ToArray()));
    }

    [Fact]
    public async Task A_blob_that_was_committed_again_after_the_listing_is_not_read_as_listed()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync("a", LogBlobs.Record(1, 0, 5));
        var source = logs.Source();
        var listed = (await ListAsync(source, new BlobWindow())).Single().Blob!;
        await logs.Writer.CommitAsync("a", LogBlobs.Record(1, 1, 5));

        await Assert.ThrowsAsync<BlobChangedException>(() => ReadAsync(source, listed, 0));
        await logs.Container.GetBlobClient("a").DeleteAsync();

        // The emulator looks at the condition first, the service at the blob: both end with a look that finds nothing.
        Assert.True(await Record.ExceptionAsync(() => ReadAsync(source, listed, 0)) is BlobGoneException or BlobChangedException);
        Assert.Null(await source.RefreshAsync(listed, default));
    }

    [Fact]
    public async Task Behind_the_end_an_empty_body_and_a_416_mean_the_same()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync("a", LogBlobs.Record(1, 0, 5));
        var listed = (await ListAsync(logs.Source(), new BlobWindow())).Single().Blob!;
        var longer = listed with { Length = listed.Length + 100 };

        await Assert.ThrowsAsync<BlobChangedException>(() => ReadAsync(logs.Source(), longer, listed.Length));
        await Assert.ThrowsAsync<BlobChangedException>(() => ReadAsync(logs.Source(new MeteredTransport(_ => Fault.RangeNotSatisfiable)), listed, 0));
    }

    [Fact]
    public async Task A_missing_right_is_named_and_not_asked_for_again()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Writer.CommitAsync("a", LogBlobs.Record(1, 0, 5));
        var listed = (await ListAsync(logs.Source(), new BlobWindow())).Single().Blob!;
        var transport = new MeteredTransport(_ => Fault.Denied);

        var listing = await Assert.ThrowsAsync<StorageDeniedException>(() => ListAsync(logs.Source(transport), new BlobWindow()));
        var reading = await Assert.ThrowsAsync<StorageDeniedException>(() => ReadAsync(logs.Source(transport), listed, 0));

        Assert.Contains("Storage Blob Data Reader", listing.Message, StringComparison.Ordinal);
        Assert.Contains("Storage Blob Data Reader", reading.Message, StringComparison.Ordinal);
        Assert.Equal(["LIST", "GET"], transport.Requests);
    }

    [Fact]
    public async Task A_container_that_does_not_exist_is_a_sentence_in_the_summary()
    {
        var logs = await RemoteLogs.CreateAsync();
        await logs.Container.DeleteAsync();

        var entry = Assert.Single(await ListAsync(logs.Source(), new BlobWindow()));

        Assert.Contains("There is no container", entry.Problem, StringComparison.Ordinal);
    }

    private static async Task<List<SourceEntry>> ListAsync(AzureBlobSource source, BlobWindow window)
    {
        var entries = new List<SourceEntry>();
        await foreach (var entry in source.ListAsync(window, default))
            entries.Add(entry);
        return entries;
    }

    private static async Task ReadAsync(AzureBlobSource source, SourceBlob blob, long offset)
    {
        await using var stream = await source.OpenAsync(blob, offset, default);
        await stream.CopyToAsync(Stream.Null);
    }
}
