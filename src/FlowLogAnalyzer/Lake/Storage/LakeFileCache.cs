using System.IO.Hashing;
using System.Text;

namespace FlowLogAnalyzer.Lake.Storage;

/// <summary>
/// Local copies of data files of a remote lake, for the eyes of the user alone. Data files never change, so a copy of the right length is
/// taken for right here; who opens it compares its digest with the log's (<c>SealedFiles</c>). When the
/// copies grow beyond the limit, those that were not used for longest go; those that this process uses stay.
/// </summary>
/// <param name="folder">Shared by all lakes and processes.</param>
/// <param name="maxBytes">Of all lakes together.</param>
/// <param name="time">Of the machine.</param>
public sealed class LakeFileCache(string folder, long maxBytes, TimeProvider time)
{
    /// <summary>What another process may have asked for, but not opened yet, is left alone.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(2);

    /// <summary>A download or an upload that began this long ago was killed.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _pinned = new(StringComparer.Ordinal);

    /// <summary>FLOWLOG_CACHE, or a folder of the user's.</summary>
    public static string DefaultFolder =>
        Environment.GetEnvironmentVariable("FLOWLOG_CACHE") is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "flowlog", "cache");

    private string Temporaries => Path.Combine(Path.GetFullPath(folder), "tmp");

    /// <summary>Where the copy of a lake's file is, or will be.</summary>
    public string PathOf(string lake, string path) =>
        Path.Combine(folder, Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(lake))), path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The copy, if there is one of that length; from now on this process uses it.</summary>
    public string? Find(string lake, string path, long? length)
    {
        var file = new FileInfo(PathOf(lake, path));
        lock (_gate)
        {
            if (!file.Exists || (length is { } bytes && file.Length != bytes))
                return null;
            Use(file.FullName);
            return file.FullName;
        }
    }

    /// <summary>Takes a finished file into the cache, under its lock-free name: a reader sees the whole copy or none.</summary>
    public string Adopt(string lake, string path, string finished)
    {
        var target = PathOf(lake, path);
        lock (_gate)
        {
            FolderRights.MakePrivate(Path.GetFullPath(folder));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(finished, target, overwrite: true);
            Use(target);
            Evict();
        }

        return target;
    }

    /// <summary>A name in the cache's own folder, so that adopting is a rename.</summary>
    public string NewTemporary()
    {
        FolderRights.MakePrivate(Path.GetFullPath(folder));
        Directory.CreateDirectory(Temporaries);
        return Path.Combine(Temporaries, Guid.NewGuid().ToString("N"));
    }

    /// <summary>Throws the copy away; true when there was one.</summary>
    public bool Forget(string lake, string path)
    {
        lock (_gate)
        {
            var file = PathOf(lake, path);
            _pinned.Remove(file);
            if (!File.Exists(file))
                return false;
            File.Delete(file);
            return true;
        }
    }

    private void Use(string file)
    {
        _pinned.Add(file);
        File.SetLastAccessTimeUtc(file, time.GetUtcNow().UtcDateTime);
    }

    private void Evict()
    {
        var now = time.GetUtcNow().UtcDateTime;
        var files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).ToLookup(f => f.DirectoryName == Temporaries);
        foreach (var left in files[true].Where(f => now - f.LastWriteTimeUtc > Abandoned))
            left.Delete();

        var total = files[false].Sum(f => f.Length);
        var idle = files[false].Where(f => !_pinned.Contains(f.FullName) && now - f.LastAccessTimeUtc >= InUse);
        foreach (var file in idle.OrderBy(f => f.LastAccessTimeUtc).ThenBy(f => f.FullName, StringComparer.Ordinal).TakeWhile(_ => total > maxBytes))
        {
            total -= file.Length;
            file.Delete();
        }
    }
}
