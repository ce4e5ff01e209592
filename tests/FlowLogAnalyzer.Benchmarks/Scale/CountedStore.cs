using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Benchmarks.Scale;

/// <summary>Tells about every attempt to create a file that only one may create.</summary>
internal sealed class CountedStore(ILakeStore inner, Action onAttempt) : ILakeStore
{
    public string Location => inner.Location;

    public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken ct) => inner.ListAsync(prefix, ct);

    public ValueTask<byte[]?> ReadAllAsync(string path, CancellationToken ct) => inner.ReadAllAsync(path, ct);

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken ct) => inner.OpenReadAsync(path, ct);

    public ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        onAttempt();
        return inner.PutIfAbsentAsync(path, content, ct);
    }

    public ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => inner.PutAsync(path, content, ct);

    public ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct) => inner.WriteNewAsync(path, write, ct);

    public ValueTask DeleteAsync(string path, CancellationToken ct) => inner.DeleteAsync(path, ct);

    public string? LocalPath(string path) => inner.LocalPath(path);
}
