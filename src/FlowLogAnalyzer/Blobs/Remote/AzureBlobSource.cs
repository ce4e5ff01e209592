using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace FlowLogAnalyzer.Blobs.Remote;

/// <summary>
/// The flow logs of a container. Only lists, heads and gets: the rights to list and to read are enough, and nothing
/// is ever written to the source.
/// </summary>
public sealed class AzureBlobSource(StorageLocation location, StorageAccess access) : IBlobSource
{
    private readonly BlobContainerClient _container = access.Open(location);

    public string Name => location.ToString();

    /// <summary>Names per page; null = as many as storage gives, 5,000.</summary>
    internal int? PageSize { get; init; }

    /// <exception cref="StorageDeniedException">A right is missing.</exception>
    public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var items = new BlobTree(_container, PageSize).ListAsync(location.Prefix, window, ct).GetAsyncEnumerator(ct);
        var any = false;
        while (true)
        {
            SourceEntry? problem = null;
            try
            {
                if (!await items.MoveNextAsync())
                    break;
            }
            catch (Exception e) when (StorageErrors.IsOfStorage(e, ct))
            {
                problem = ListingProblem(e);
            }

            if (problem is not null)
            {
                yield return problem;
                yield break;
            }

            any = true;
            if (!IsFolder(items.Current) && Describe(items.Current) is { } blob && window.Contains(blob.Identity))
                yield return SourceEntry.Of(blob);
        }

        if (!any && location.Prefix.Length > 0 && window is { SinceUtc: null, UntilUtc: null })
            yield return SourceEntry.Unreadable(Name, $"Nothing in the container '{location.ContainerAddress}' has a name that starts with '{location.Prefix}'. Names are case sensitive.");
    }

    public async ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct)
    {
        try
        {
            var p = (await Client(blob).GetPropertiesAsync(null, ct)).Value;
            return blob with
            {
                Length = p.ContentLength,
                ETag = Plain(p.ETag),
                LastModified = p.LastModified,
                Properties = Mark(p.Metadata, p.ContentType, p.ContentEncoding),
            };
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
        catch (Exception e) when (StorageErrors.IsOfStorage(e, ct))
        {
            throw StorageErrors.Translate(e, blob.Path, StorageErrors.ReadRight);
        }
    }

    public ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct) => new(new AzureBlobStream(Client(blob), blob, offset));

    private BlobClient Client(SourceBlob blob) => _container.GetBlobClient(blob.Path[(location.ContainerAddress.Length + 1)..]);

    private SourceBlob Describe(BlobItem item)
    {
        var path = $"{location.ContainerAddress}/{item.Name}";
        var p = item.Properties;
        return new SourceBlob(FlowLogPath.Parse(item.Name, path), path, p.ContentLength ?? 0, Plain(p.ETag ?? default), p.LastModified ?? default)
        {
            Properties = Mark(item.Metadata, p.ContentType, p.ContentEncoding),
        };
    }

    private SourceEntry ListingProblem(Exception e)
    {
        if (e is RequestFailedException { Status: 404 })
            return SourceEntry.Unreadable(Name, $"There is no container '{location.ContainerAddress}'. Flow logs are in insights-logs-flowlogflowevent (VNet) and insights-logs-networksecuritygroupflowevent (NSG).");

        var translated = StorageErrors.Translate(e, Name, StorageErrors.ReadRight);
        return translated is StorageDeniedException ? throw translated : SourceEntry.Unreadable(Name, $"The listing broke off. {translated.Message}");
    }

    /// <summary>Accounts with a hierarchical namespace list their folders as empty blobs with this mark.</summary>
    private static bool IsFolder(BlobItem item) =>
        item.Metadata is { } metadata && metadata.TryGetValue("hdi_isfolder", out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Listings give the tag without quotes, answers with them.</summary>
    private static string Plain(ETag tag) => tag.ToString().Trim('"');

    private static string Mark(IEnumerable<KeyValuePair<string, string>>? metadata, string? type, string? encoding)
    {
        var text = new StringBuilder().Append(type).Append('\n').Append(encoding);
        foreach (var (key, value) in (metadata ?? []).OrderBy(m => m.Key, StringComparer.OrdinalIgnoreCase))
            text.Append('\n').Append(key.ToLowerInvariant()).Append('=').Append(value);
        return Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
