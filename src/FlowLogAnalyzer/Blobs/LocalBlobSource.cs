using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;

namespace FlowLogAnalyzer.Blobs;

/// <summary>One file, or every file below a folder. Hidden files, links to folders and folders of Delta tables are left out.</summary>
public sealed class LocalBlobSource(string path) : IBlobSource
{
    private static readonly EnumerationOptions OneFolder = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None };

    public string Name { get; } = path;

    public async IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        var full = Path.GetFullPath(Name);
        var entries = Directory.Exists(full) ? ListFolder(full) : [Describe(full)];
        foreach (var entry in entries)
        {
            ct.ThrowIfCancellationRequested();
            if (entry.Blob is null || window.Contains(entry.Blob.Identity))
                yield return entry;
        }
    }

    public ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct) => new(Describe(blob.Path).Blob);

    public ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct) => new(LocalBlobStream.Open(blob, offset));

    /// <summary>The state of a file: every rewrite that changes length or time of writing changes it.</summary>
    internal static string ETag(FileInfo file) => string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}");

    private static IEnumerable<SourceEntry> ListFolder(string folder)
    {
        var (folders, files, problem) = Children(folder);
        if (problem is not null)
            yield return problem;

        foreach (var file in files)
            yield return Describe(file);

        foreach (var child in folders)
            foreach (var entry in ListFolder(child))
                yield return entry;
    }

    private static (List<string> Folders, List<string> Files, SourceEntry? Problem) Children(string folder)
    {
        List<string> folders = [];
        List<string> files = [];
        try
        {
            foreach (var (child, isFolder) in Visible(folder))
                (isFolder ? folders : files).Add(child);
            if (folders.Exists(f => Path.GetFileName(f.AsSpan()) is "_delta_log"))
                return ([], [], null); // a lake inside the source is not a source
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], [], SourceEntry.Unreadable(folder, $"The folder '{folder}' cannot be listed: {e.Message}"));
        }

        folders.Sort(StringComparer.Ordinal);
        files.Sort(StringComparer.Ordinal);
        return (folders, files, null);
    }

    /// <summary>Names only: what a file is like is looked up when it is its turn.</summary>
    private static FileSystemEnumerable<(string Path, bool IsFolder)> Visible(string folder) =>
        new(folder, (ref FileSystemEntry entry) => (entry.ToFullPath(), entry.IsDirectory), OneFolder)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                !entry.FileName.StartsWith('.') && !(entry.IsDirectory && entry.Attributes.HasFlag(FileAttributes.ReparsePoint)),
        };

    private static SourceEntry Describe(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            if (!file.Exists)
                return SourceEntry.Unreadable(path, $"There is no file or folder '{path}'.");
            var identity = FlowLogPath.Parse(path, path.Replace('\\', '/'));
            return SourceEntry.Of(new SourceBlob(identity, path, file.Length, ETag(file), new DateTimeOffset(file.LastWriteTimeUtc)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SourceEntry.Unreadable(path, $"'{path}' cannot be read: {e.Message}");
        }
    }
}
