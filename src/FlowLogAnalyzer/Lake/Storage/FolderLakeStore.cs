namespace FlowLogAnalyzer.Lake.Storage;

/// <summary>
/// A lake in a local folder. Files are written under a hidden name, flushed to disk and then given their name, so a
/// killed process leaves nothing half-written under a name that readers look at.
/// </summary>
public sealed class FolderLakeStore : ILakeStore
{
    /// <summary>Engines that read a folder as it lies ignore names that begin with a dot.</summary>
    public const string TemporaryPrefix = ".tmp-";

    private readonly string _root;

    /// <summary>True for what a write that is under way, or was killed, calls its file.</summary>
    public static bool IsTemporary(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return name.StartsWith(TemporaryPrefix, StringComparison.Ordinal) && Guid.TryParseExact(name[TemporaryPrefix.Length..], "N", out _);
    }

    public FolderLakeStore(string folder) => _root = Path.GetFullPath(folder);

    public string Location => _root;

    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        var folder = LocalPath(prefix[..(prefix.LastIndexOf('/') + 1)]);
        if (!Directory.Exists(folder))
            yield break;

        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        var found = new DirectoryInfo(folder).EnumerateFiles("*", options)
            .Select(f => (Path: Path.GetRelativePath(_root, f.FullName).Replace('\\', '/'), File: f))
            .Where(f => f.Path.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(f => f.Path, StringComparer.Ordinal);
        foreach (var (path, file) in found)
        {
            ct.ThrowIfCancellationRequested();
            if (file.Exists)
                yield return new StoredFile(path, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }
    }

    public async ValueTask<byte[]?> ReadAllAsync(string path, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllBytesAsync(LocalPath(path), ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken ct) =>
        new(new FileStream(LocalPath(path), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024));

    public async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var target = LocalPath(path);
        if (File.Exists(target))
            return false;

        var temporary = await WriteTemporaryAsync(target, (stream, token) => stream.WriteAsync(content, token), ct);
        try
        {
            return AtomicRename.WithoutOverwrite(temporary, target);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var target = LocalPath(path);
        var temporary = await WriteTemporaryAsync(target, (stream, token) => stream.WriteAsync(content, token), ct);
        File.Move(temporary, target, overwrite: true);
    }

    public async ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct)
    {
        var target = LocalPath(path);
        var temporary = await WriteTemporaryAsync(target, write, ct);
        File.Move(temporary, target, overwrite: false);
        return new FileInfo(target).Length;
    }

    public ValueTask DeleteAsync(string path, CancellationToken ct)
    {
        try
        {
            File.Delete(LocalPath(path));
        }
        catch (DirectoryNotFoundException)
        {
            // Deleted with its folder: what was asked for is the case.
        }

        return ValueTask.CompletedTask;
    }

    public string LocalPath(string path) => Path.Combine(_root, path.Replace('/', Path.DirectorySeparatorChar));

    string? ILakeStore.LocalPath(string path) => LocalPath(path);

    private static async Task<string> WriteTemporaryAsync(string target, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct)
    {
        var folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, TemporaryPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            await using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 256 * 1024);
            await write(stream, ct);
            await stream.FlushAsync(ct);
            stream.Flush(flushToDisk: true);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
