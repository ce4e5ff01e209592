using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>
/// A store whose n-th changing operation fails, and every one after it: as if the process or the disk died there. The
/// failing operation is done or not done, as told; its caller cannot know.
/// </summary>
internal sealed class FaultyStore(ILakeStore inner, int failAt, bool afterDoing) : ILakeStore
{
    private int _operations;

    public int Operations => _operations;

    public string Location => inner.Location;

    public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken ct) => inner.ListAsync(prefix, ct);

    public ValueTask<byte[]?> ReadAllAsync(string path, CancellationToken ct) => inner.ReadAllAsync(path, ct);

    public ValueTask<Stream> OpenReadAsync(string path, CancellationToken ct) => inner.OpenReadAsync(path, ct);

    public ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => Do(() => inner.PutIfAbsentAsync(path, content, ct));

    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => await Do(async () =>
    {
        await inner.PutAsync(path, content, ct);
        return true;
    });

    public ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct) => Do(() => inner.WriteNewAsync(path, write, ct));

    public async ValueTask DeleteAsync(string path, CancellationToken ct) => await Do(async () =>
    {
        await inner.DeleteAsync(path, ct);
        return true;
    });

    public string? LocalPath(string path) => inner.LocalPath(path);

    private async ValueTask<T> Do<T>(Func<ValueTask<T>> operation)
    {
        var number = Interlocked.Increment(ref _operations);
        if (number > failAt || (number == failAt && !afterDoing))
            throw new IOException($"Operation {number} failed before it was done.");

        var result = await operation();
        return number == failAt ? throw new IOException($"Operation {number} failed after it was done.") : result;
    }
}
