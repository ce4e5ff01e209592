using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Runs something once, right before the first log entry after version 0 is created through it.</summary>
internal sealed class BeforeCommit(ILakeStore inner, Func<Task> once) : ILakeStore
{
    private bool _isDone;

    public string Location => inner.Location;

    public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken ct) => inner.ListAsync(prefix, ct);

    public ValueTask<byte[]?> ReadAllAsync(string path, CancellationToken ct) => inner.ReadAllAsync(path, ct);

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken ct) => inner.OpenReadAsync(path, ct);

    public async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        if (!_isDone)
        {
            _isDone = true;
            await once();
        }

        return await inner.PutIfAbsentAsync(path, content, ct);
    }

    public ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => inner.PutAsync(path, content, ct);

    public ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct) => inner.WriteNewAsync(path, write, ct);

    public ValueTask DeleteAsync(string path, CancellationToken ct) => inner.DeleteAsync(path, ct);

    public string? LocalPath(string path) => inner.LocalPath(path);
}
