using System.Collections.Concurrent;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>
/// Writes flow-log blobs as the platform does: a block with the opening, data blocks with a comma in front from the second
/// on, a block with the closing; each commit puts one more data block before the last one.
/// </summary>
internal sealed class PlatformWriter(BlobContainerClient container)
{
    private readonly ConcurrentDictionary<string, List<string>> _blocks = new(StringComparer.Ordinal);

    public BlobContainerClient Container => container;

    /// <summary>The names of all blobs written.</summary>
    public IEnumerable<string> Names => _blocks.Keys.Order(StringComparer.Ordinal);

    public Task CommitAsync(string name, params string[] records) =>
        CommitAsync(name, [.. records.Select(r => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(r)))]);

    public async Task CommitAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        var blob = container.GetBlockBlobClient(name);
        var ids = _blocks.GetOrAdd(name, _ => []);
        if (ids.Count == 0)
        {
            await StageAsync(blob, Id('A', 0), Encoding.UTF8.GetBytes(LogBlobs.Head));
            await StageAsync(blob, Id('Z', 0), Encoding.UTF8.GetBytes(LogBlobs.Closer));
        }

        using var data = new MemoryStream();
        foreach (var record in records)
        {
            if (ids.Count > 0 || data.Length > 0)
                data.WriteByte((byte)',');
            data.Write(record.Span);
        }

        if (data.Length > 0)
        {
            var id = Id('D', ids.Count + 1);
            await StageAsync(blob, id, data.ToArray());
            ids.Add(id);
        }

        await blob.CommitBlockListAsync([Id('A', 0), .. ids, Id('Z', 0)], new CommitBlockListOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/octet-stream" },
            Metadata = new Dictionary<string, string> { ["compressiontype"] = "none" },
        });
    }

    private static async Task StageAsync(BlockBlobClient blob, string id, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await blob.StageBlockAsync(id, stream);
    }

    private static string Id(char kind, int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes(kind + number.ToString("x32")));
}
