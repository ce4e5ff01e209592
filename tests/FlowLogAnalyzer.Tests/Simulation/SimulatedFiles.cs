using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>What storage really holds: at once, always, for everybody. Checkers use it as it is; processes reach it through <see cref="SimulatedStore"/>.</summary>
internal sealed class SimulatedFiles(Func<DateTimeOffset> now) : ILakeStore
{
    private readonly SortedDictionary<string, (byte[] Content, DateTimeOffset At)> _files = new(StringComparer.Ordinal);

    public string Location => "memory";

    /// <summary>Told about every file that is there for the first time.</summary>
    public Action<string, byte[]>? OnNew { get; set; }

    public IReadOnlyList<StoredFile> List(string prefix) =>
        [.. _files.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(f => new StoredFile(f.Key, f.Value.Content.Length, f.Value.At))];

    public byte[]? Read(string path) => _files.TryGetValue(path, out var file) ? file.Content : null;

    public Stream Open(string path) => Read(path) is { } content ? new MemoryStream(content, writable: false) : throw new FileNotFoundException($"'{path}' is not there.");

    public bool TryAdd(string path, byte[] content)
    {
        if (!_files.TryAdd(path, (content, now())))
            return false;
        OnNew?.Invoke(path, content);
        return true;
    }

    public void Set(string path, byte[] content) => _files[path] = (content, now());

    public void Delete(string path) => _files.Remove(path);

    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        foreach (var file in List(prefix))
            yield return file;
    }

    public ValueTask<byte[]?> ReadAllAsync(string path, CancellationToken ct) => new(Read(path));

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken ct) => new(Open(path));

    public ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => new(TryAdd(path, content.ToArray()));

    public ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        Set(path, content.ToArray());
        return ValueTask.CompletedTask;
    }

    public async ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct)
    {
        using var stream = new MemoryStream();
        await write(stream, ct);
        Set(path, stream.ToArray());
        return stream.Length;
    }

    public ValueTask DeleteAsync(string path, CancellationToken ct)
    {
        Delete(path);
        return ValueTask.CompletedTask;
    }

    public string? LocalPath(string path) => null;
}
