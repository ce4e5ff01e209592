using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace FlowLogAnalyzer.Blobs.Remote;

/// <summary>
/// Lists a container. With a window it walks down the folders and never asks for what is below a year, month, day or hour
/// outside of it; the folders that remain are listed flat, a page at a time, some pages ahead.
/// </summary>
internal sealed class BlobTree(BlobContainerClient container, int? pageSize)
{
    private const int AtOnce = 8;
    private const BlobTraits Traits = BlobTraits.Metadata;

    public async IAsyncEnumerable<BlobItem> ListAsync(string prefix, BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        var (blobs, folders) = window is { SinceUtc: null, UntilUtc: null } ? ([], [prefix]) : await WalkAsync(prefix, window, ct);
        foreach (var blob in blobs)
            yield return blob;
        await foreach (var blob in FlatAsync(folders, ct))
            yield return blob;
    }

    /// <summary>Folders to list flat, and the blobs that lie in folders above them; both in ordinal order.</summary>
    private async Task<(IReadOnlyList<BlobItem> Blobs, IReadOnlyList<string> Folders)> WalkAsync(string prefix, BlobWindow window, CancellationToken ct)
    {
        var blobs = new List<BlobItem>();
        var found = new List<string>();
        var level = FolderTime.Of(prefix, window) switch
        {
            FolderTime.Fit.Perhaps => new List<string> { prefix },
            FolderTime.Fit.Inside => Found(prefix),
            _ => [],
        };
        while (level.Count > 0)
        {
            var below = new List<string>();
            var gate = new Lock();
            await Parallel.ForEachAsync(level, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (folder, token) =>
            {
                await foreach (var child in container.GetBlobsByHierarchyAsync(Traits, BlobStates.None, "/", folder, token))
                    lock (gate)
                        Sort(child, window, (blobs, found, below));
            });
            level = below;
        }

        return ([.. blobs.OrderBy(b => b.Name, StringComparer.Ordinal)], [.. found.Order(StringComparer.Ordinal)]);

        List<string> Found(string folder)
        {
            found.Add(folder);
            return [];
        }
    }

    private static void Sort(BlobHierarchyItem child, BlobWindow window, (List<BlobItem> Blobs, List<string> Found, List<string> Below) into)
    {
        if (child.IsBlob)
        {
            into.Blobs.Add(child.Blob);
            return;
        }

        var fit = FolderTime.Of(child.Prefix, window);
        if (fit == FolderTime.Fit.Inside)
            into.Found.Add(child.Prefix);
        else if (fit == FolderTime.Fit.Perhaps)
            into.Below.Add(child.Prefix);
    }

    private async IAsyncEnumerable<BlobItem> FlatAsync(IReadOnlyList<string> folders, [EnumeratorCancellation] CancellationToken ct)
    {
        var ahead = new Queue<Pages>();
        var next = 0;
        try
        {
            while (next < folders.Count || ahead.Count > 0)
            {
                while (ahead.Count < AtOnce && next < folders.Count)
                    ahead.Enqueue(new Pages(container.GetBlobsAsync(Traits, BlobStates.None, folders[next++], ct).AsPages(null, pageSize).GetAsyncEnumerator(ct)));

                var pages = ahead.Peek();
                while (await pages.NextAsync() is { } page)
                    foreach (var blob in page.Values)
                        yield return blob;
                await ahead.Dequeue().DisposeAsync();
            }
        }
        finally
        {
            foreach (var pages in ahead)
                await pages.DisposeAsync();
        }
    }

    /// <summary>The pages of one folder; the first is asked for at once.</summary>
    private sealed class Pages(IAsyncEnumerator<Page<BlobItem>> pages) : IAsyncDisposable
    {
        private Task<bool>? _first = pages.MoveNextAsync().AsTask();

        public async ValueTask<Page<BlobItem>?> NextAsync()
        {
            var more = _first is { } first ? await first : await pages.MoveNextAsync();
            _first = null;
            return more ? pages.Current : null;
        }

        public async ValueTask DisposeAsync()
        {
            if (_first is { } first)
                await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await pages.DisposeAsync();
        }
    }
}
