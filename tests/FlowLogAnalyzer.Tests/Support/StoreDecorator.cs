using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Passes everything on, until somebody overrides it.</summary>
internal abstract class StoreDecorator(ILakeStore inner) : ILakeStore
{
    public string Location => inner.Location;

    public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken ct) => inner.ListAsync(prefix, ct);

    public ValueTask<byte[]?> ReadAllAsync(string path, CancellationToken ct) => inner.ReadAllAsync(path, ct);

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken ct) => inner.OpenReadAsync(path, ct);

    public virtual ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => inner.PutIfAbsentAsync(path, content, ct);

    public virtual ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => inner.PutAsync(path, content, ct);

    public virtual ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct) => inner.WriteNewAsync(path, write, ct);

    public virtual ValueTask DeleteAsync(string path, CancellationToken ct) => inner.DeleteAsync(path, ct);

    public string? LocalPath(string path) => inner.LocalPath(path);
}
