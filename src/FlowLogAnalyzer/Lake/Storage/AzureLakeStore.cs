using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using FlowLogAnalyzer.Blobs.Remote;

namespace FlowLogAnalyzer.Lake.Storage;

/// <summary>
/// A lake in Azure Blob Storage. A blob appears whole or not at all, and <c>If-None-Match: *</c> lets exactly one of several
/// writers of a name win (REST API, "Specifying conditional headers for Blob service operations").
/// </summary>
public sealed class AzureLakeStore : ILakeStore
{
    private static readonly StorageTransferOptions Transfer = new() { InitialTransferSize = 8 << 20, MaximumTransferSize = 8 << 20, MaximumConcurrency = 4 };
    private readonly BlobContainerClient _container;
    private readonly string _prefix;
    private readonly LakeFileCache _cache;

    public AzureLakeStore(StorageLocation location, StorageAccess access, LakeFileCache cache)
    {
        _container = access.Open(location);
        _prefix = location.Prefix.Length == 0 ? "" : location.Prefix.TrimEnd('/') + "/";
        _cache = cache;
        Location = location.ToString().TrimEnd('/');
    }

    public string Location { get; }

    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var items = _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, _prefix + prefix, ct).GetAsyncEnumerator(ct);
        while (await Guarded(prefix, async token => await items.MoveNextAsync(), missing: false, ct))
        {
            var item = items.Current;
            yield return new StoredFile(item.Name[_prefix.Length..], item.Properties.ContentLength ?? 0, item.Properties.LastModified ?? default);
        }
    }

    public ValueTask<byte[]?> ReadAllAsync(string path, CancellationToken ct) =>
        Guarded<byte[]?>(path, async token => Whole(path, (await Client(path).DownloadContentAsync(token)).Value), missing: null, ct);

    public async ValueTask<Stream> OpenReadAsync(string path, CancellationToken ct)
    {
        // Data files are read in pieces and more than once: from a copy.
        if (path.EndsWith(".parquet", StringComparison.Ordinal) && !path.Contains("_delta_log/", StringComparison.Ordinal))
            return new FileStream(await FetchAsync(path, null, ct), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024);

        return await ReadAllAsync(path, ct) is { } bytes ? new MemoryStream(bytes, writable: false) : throw NotThere(path);
    }

    public async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        try
        {
            await PutAsync(path, content, new BlobRequestConditions { IfNoneMatch = ETag.All }, ct);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return false;
        }
    }

    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => await PutAsync(path, content, null, ct);

    public async ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct)
    {
        var temporary = _cache.NewTemporary();
        try
        {
            long length;
            await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 256 * 1024))
            {
                await write(stream, ct);
                await stream.FlushAsync(ct);
                length = stream.Length;
                stream.Position = 0;
                await Guarded(path, async token => await Client(path).UploadAsync(stream, new BlobUploadOptions { TransferOptions = Transfer }, token), missing: null, ct);
            }

            return length;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public async ValueTask DeleteAsync(string path, CancellationToken ct)
    {
        _cache.Forget(Location, path);
        await Guarded(path, async token => (await Client(path).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, null, token)).Value, missing: false, ct);
    }

    public bool DropCopy(string path) => _cache.Forget(Location, path);

    /// <summary>The local copy, when there is one.</summary>
    public string? LocalPath(string path) => _cache.Find(Location, path, null);

    public async ValueTask<string> FetchAsync(string path, long? length, CancellationToken ct)
    {
        if (_cache.Find(Location, path, length) is { } copy)
            return copy;

        var temporary = _cache.NewTemporary();
        try
        {
            var there = await Guarded<Response?>(path, async token => await Client(path).DownloadToAsync(temporary, new BlobDownloadToOptions { TransferOptions = Transfer }, token), missing: null, ct);
            if (there is null)
                throw NotThere(path);
            if (length is { } bytes && new FileInfo(temporary).Length != bytes)
                throw CutOff(path);
            return _cache.Adopt(Location, path, temporary);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Half a commit would be a lie.</summary>
    private byte[] Whole(string path, BlobDownloadResult answer)
    {
        var bytes = answer.Content.ToArray();
        return answer.Details.ContentLength == bytes.Length ? bytes : throw CutOff(path);
    }

    private IOException CutOff(string path) => new($"Storage sent only a part of '{Location}/{path}'. Run the command again.");

    private BlobClient Client(string path) => _container.GetBlobClient(_prefix + path);

    private async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, BlobRequestConditions? conditions, CancellationToken ct)
    {
        try
        {
            await Client(path).UploadAsync(BinaryData.FromBytes(content), new BlobUploadOptions { Conditions = conditions }, ct);
        }
        catch (Exception e) when (StorageErrors.IsOfStorage(e, ct) && e is not RequestFailedException { Status: 409 or 412 })
        {
            throw Translate(e, path, StorageErrors.WriteRight);
        }
    }

    private async ValueTask<T> Guarded<T>(string path, Func<CancellationToken, Task<T>> run, T missing, CancellationToken ct)
    {
        try
        {
            return await run(ct);
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode != BlobErrorCode.ContainerNotFound)
        {
            return missing;
        }
        catch (Exception e) when (StorageErrors.IsOfStorage(e, ct))
        {
            throw Translate(e, path, StorageErrors.WriteRight);
        }
    }

    private Exception Translate(Exception e, string path, string right) =>
        e is RequestFailedException { ErrorCode: "ContainerNotFound" }
            ? new DirectoryNotFoundException($"There is no container '{_container.Name}' for the lake '{Location}'. Make it with: az storage container create --auth-mode login --account-name {_container.AccountName} --name {_container.Name}")
            : StorageErrors.Translate(e, $"{Location}/{path}", right);

    private FileNotFoundException NotThere(string path) => new($"'{Location}/{path}' is not there.");
}
