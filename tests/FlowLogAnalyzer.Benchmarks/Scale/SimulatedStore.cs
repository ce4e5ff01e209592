using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Benchmarks.Scale;

/// <summary>
/// Files in memory with the conditions of Azure Blob Storage: of several writers of a name with <c>If-None-Match: *</c> one
/// wins, and whoever reads after an answer sees what was written. A request travels, takes effect, and travels back.
/// </summary>
internal sealed class SimulatedStore(TimeProvider time, Func<TimeSpan> latency) : ILakeStore
{
    private readonly SortedDictionary<string, (byte[] Content, DateTimeOffset At)> _files = new(StringComparer.Ordinal);

    public string Location => "memory";

    public long Requests { get; private set; }

    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var found = await RequestAsync(() => _files.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(f => new StoredFile(f.Key, f.Value.Content.Length, f.Value.At)).ToList());
        foreach (var file in found)
            yield return file;
    }

    public async ValueTask<byte[]?> ReadAllAsync(string path, CancellationToken ct) => await RequestAsync(() => _files.TryGetValue(path, out var file) ? file.Content : null);

    public async ValueTask<Stream> OpenReadAsync(string path, CancellationToken ct) =>
        await ReadAllAsync(path, ct) is { } content ? new MemoryStream(content, writable: false) : throw new FileNotFoundException($"'{path}' is not there.");

    public async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) =>
        await RequestAsync(() => _files.TryAdd(path, (content.ToArray(), time.GetUtcNow())));

    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => await RequestAsync(() => _files[path] = (content.ToArray(), time.GetUtcNow()));

    public async ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct)
    {
        using var stream = new MemoryStream();
        await write(stream, ct);
        await PutAsync(path, stream.ToArray(), ct);
        return stream.Length;
    }

    public async ValueTask DeleteAsync(string path, CancellationToken ct) => await RequestAsync(() => _files.Remove(path));

    public string? LocalPath(string path) => null;

    private async Task<T> RequestAsync<T>(Func<T> effect)
    {
        Requests++;
        var there = latency() / 2;
        await Task.Delay(there, time);
        var result = effect();
        await Task.Delay(there, time);
        return result;
    }
}
