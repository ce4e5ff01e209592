using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>
/// A real folder with a memory of what was flushed: bytes by flushing their file, names by flushing their folder. A power cut puts the folder
/// back to that; what was written and not flushed is gone or still there, one by one, as chance has it: a disk promises nothing about it.
/// </summary>
internal sealed class ForgetfulDisk(string root, int failAt) : FolderDisk
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Content?> _names = new(StringComparer.Ordinal); // null = a folder
    private readonly Dictionary<string, Content?> _lastingNames = new(StringComparer.Ordinal);
    private int _operations;

    public int Operations => _operations;

    /// <summary>True from the first operation on that was not done any more.</summary>
    public bool IsOff => _operations > failAt;

    public override void CreateFolder(string path, UnixFileMode mode) => Do(() =>
    {
        base.CreateFolder(path, mode);
        _names[path] = null;
    });

    public override FileStream CreateNew(string path, UnixFileMode mode)
    {
        FileStream? stream = null;
        Do(() =>
        {
            stream = base.CreateNew(path, mode);
            _names[path] = new Content(path);
        });
        return stream!;
    }

    public override void Flush(FileStream file) => Do(() =>
    {
        base.Flush(file);
        _names[file.Name]!.Lasting = ReadAll(file);
    });

    public override bool Link(string source, string target)
    {
        var isOurs = false;
        Do(() =>
        {
            if (isOurs = base.Link(source, target))
                _names[target] = _names[source];
        });
        return isOurs;
    }

    public override void Move(string source, string target, bool overwrite) => Do(() =>
    {
        base.Move(source, target, overwrite);
        _names[target] = _names[source];
        _names.Remove(source);
    });

    public override void Delete(string path) => Do(() =>
    {
        base.Delete(path);
        _names.Remove(path);
    });

    public override void FlushFolder(string path) => Do(() =>
    {
        foreach (var gone in _lastingNames.Keys.Where(name => IsIn(name, path) && !_names.ContainsKey(name)).ToList())
            _lastingNames.Remove(gone);
        foreach (var (name, content) in _names.Where(n => IsIn(n.Key, path)))
            _lastingNames[name] = content;
    });

    /// <summary>What the folder is when the machine is on again.</summary>
    public void CutPower(Random chance)
    {
        var kept = new Dictionary<string, Content?>(_lastingNames, StringComparer.Ordinal);
        foreach (var (name, content) in _names.Where(n => !kept.TryGetValue(n.Key, out var before) || before != n.Value))
            if (chance.Next(2) == 0)
                kept[name] = content;
        foreach (var name in _lastingNames.Keys.Where(name => !_names.ContainsKey(name) && chance.Next(2) == 0).ToList())
            kept.Remove(name);

        var bytes = kept.Where(n => n.Value is not null).ToDictionary(n => n.Key, n => n.Value!.Lasting ?? [], StringComparer.Ordinal);
        Directory.Delete(root, recursive: true);
        Directory.CreateDirectory(root);
        foreach (var folder in kept.Where(n => n.Value is null).Select(n => n.Key).Order(StringComparer.Ordinal).Where(f => Directory.Exists(Path.GetDirectoryName(f))))
            Directory.CreateDirectory(folder);
        foreach (var (name, content) in bytes.Where(n => Directory.Exists(Path.GetDirectoryName(n.Key))))
            File.WriteAllBytes(name, content);
    }

    private static bool IsIn(string name, string folder) => Path.GetDirectoryName(name) == folder;

    private static byte[] ReadAll(FileStream file)
    {
        var bytes = new byte[file.Length];
        RandomAccess.Read(file.SafeFileHandle, bytes, 0);
        return bytes;
    }

    private void Do(Action operation)
    {
        lock (_gate)
        {
            if (++_operations > failAt)
                throw new IOException("The power is off.");
            operation();
        }
    }

    private sealed class Content(string first)
    {
        /// <summary>Null when it was never flushed.</summary>
        public byte[]? Lasting { get; set; }

        public override string ToString() => first;
    }
}
