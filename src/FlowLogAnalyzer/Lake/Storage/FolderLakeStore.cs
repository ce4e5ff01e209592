using System.Collections.Concurrent;

namespace FlowLogAnalyzer.Lake.Storage;

/// <summary>
/// A lake in a local folder. Files are written under a hidden name, flushed to disk and then given their name, so a
/// killed process leaves nothing half-written under a name that readers look at. Then the folder is flushed as well: what was
/// answered with "done" is there after a power cut, and so is everything that it speaks of.
/// </summary>
public sealed class FolderLakeStore : ILakeStore
{
    /// <summary>Engines that read a folder as it lies ignore names that begin with a dot.</summary>
    public const string TemporaryPrefix = ".tmp-";

    private readonly string _root;
    private readonly FolderDisk _disk;
    private readonly Lazy<FolderRights> _rights;

    /// <summary>Folders whose own names this process knows to be on disk.</summary>
    private readonly ConcurrentDictionary<string, bool> _lasting = new(StringComparer.Ordinal);

    /// <summary>True for what a write that is under way, or was killed, calls its file.</summary>
    public static bool IsTemporary(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return name.StartsWith(TemporaryPrefix, StringComparison.Ordinal) && Guid.TryParseExact(name[TemporaryPrefix.Length..], "N", out _);
    }

    public FolderLakeStore(string folder)
        : this(folder, new FolderDisk())
    {
    }

    internal FolderLakeStore(string folder, FolderDisk disk)
    {
        _root = Path.GetFullPath(folder);
        _disk = disk;
        _rights = new Lazy<FolderRights>(() => FolderRights.Of(_root));
    }

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
            if (!_disk.Link(temporary, target))
                return false;
            _disk.FlushFolder(Path.GetDirectoryName(target)!);
            return true;
        }
        finally
        {
            _disk.Delete(temporary);
        }
    }

    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var target = LocalPath(path);
        var temporary = await WriteTemporaryAsync(target, (stream, token) => stream.WriteAsync(content, token), ct);
        Name(temporary, target, overwrite: true);
    }

    public async ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct)
    {
        var target = LocalPath(path);
        var temporary = await WriteTemporaryAsync(target, write, ct);
        Name(temporary, target, overwrite: false);
        return new FileInfo(target).Length;
    }

    public ValueTask DeleteAsync(string path, CancellationToken ct)
    {
        try
        {
            _disk.Delete(LocalPath(path));
        }
        catch (DirectoryNotFoundException)
        {
            // Deleted with its folder: what was asked for is the case.
        }

        return ValueTask.CompletedTask;
    }

    public string LocalPath(string path) => Path.Combine(_root, path.Replace('/', Path.DirectorySeparatorChar));

    string? ILakeStore.LocalPath(string path) => LocalPath(path);

    private async Task<string> WriteTemporaryAsync(string target, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct)
    {
        var folder = Path.GetDirectoryName(target)!;
        MakeFolder(folder);
        var temporary = Path.Combine(folder, TemporaryPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            await using var stream = _disk.CreateNew(temporary, _rights.Value.File);
            Share(temporary, _rights.Value.File);
            await write(stream, ct);
            await stream.FlushAsync(ct);
            _disk.Flush(stream);
            return temporary;
        }
        catch
        {
            _disk.Delete(temporary);
            throw;
        }
    }

    private void Name(string temporary, string target, bool overwrite)
    {
        _disk.Move(temporary, target, overwrite);
        _disk.FlushFolder(Path.GetDirectoryName(target)!);
    }

    /// <summary>Another process may have made the folder a moment ago: whoever puts the first file into it flushes the folder above.</summary>
    private void MakeFolder(string folder)
    {
        if (_lasting.ContainsKey(folder) && Directory.Exists(folder))
            return;

        var (rights, above) = (_rights.Value, Path.GetDirectoryName(folder));
        if (above is not null && folder != _root && folder.StartsWith(_root, StringComparison.Ordinal))
            MakeFolder(above);
        if (!Directory.Exists(folder))
        {
            _disk.CreateFolder(folder, rights.Folder);
            Share(folder, rights.Folder);
        }

        if (above is not null)
            _disk.FlushFolder(above);
        _lasting[folder] = true;
    }

    /// <summary>A umask takes the group's rights away, which are given on purpose here.</summary>
    private static void Share(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows() && mode.HasFlag(UnixFileMode.GroupWrite))
            File.SetUnixFileMode(path, mode | (File.GetUnixFileMode(path) & UnixFileMode.SetGroup));
    }
}
