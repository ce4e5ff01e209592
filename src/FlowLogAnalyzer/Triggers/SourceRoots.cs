using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Blobs.Remote;

namespace FlowLogAnalyzer.Triggers;

/// <summary>
/// The places that may be read. Events name addresses; only what lies below one of these is opened, so that nobody who can
/// write to a queue can send this identity's token elsewhere, or have foreign data ingested.
/// </summary>
public sealed class SourceRoots
{
    private readonly List<(string Root, StorageLocation? Location, IBlobSource Source)> _roots = [];

    /// <param name="places">Folders and addresses of containers, or prefixes in them.</param>
    /// <param name="access">How storage is reached.</param>
    /// <exception cref="FormatException">An address is none of Azure Blob Storage.</exception>
    public SourceRoots(IEnumerable<string> places, StorageAccess access)
    {
        foreach (var place in places)
        {
            if (StorageLocation.IsAddress(place))
            {
                var location = StorageLocation.Parse(place);
                _roots.Add((location.ContainerAddress + "/", location, new AzureBlobSource(location, access)));
            }
            else
            {
                _roots.Add((Path.GetFullPath(place).TrimEnd('/') + "/", null, new LocalBlobSource(place)));
            }
        }
    }

    public IReadOnlyList<IBlobSource> All => [.. _roots.Select(r => r.Source)];

    /// <summary>The source that a work item is read from, and the blob as far as its address tells; null when it lies in none.</summary>
    public (IBlobSource Source, SourceBlob Blob)? Find(WorkItem item)
    {
        foreach (var (root, location, source) in _roots)
        {
            var path = location is null ? item.Url : Uri.UnescapeDataString(item.Url);
            if (!path.StartsWith(root, location is null ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase) || path.Contains("/../", StringComparison.Ordinal))
                continue;

            var name = path[root.Length..];
            if (location is not null && !name.StartsWith(location.Prefix, StringComparison.Ordinal))
                continue;

            // As the listing of the source would describe it.
            var blob = location is null ? path : root + name;
            return (source, new SourceBlob(location is null ? FlowLogPath.Parse(path, path) : FlowLogPath.Parse(name, blob), blob, 0, "", default));
        }

        return null;
    }
}
