using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>
/// A store whose n-th changing operation fails, and every one after it: as if the process or the disk died there. The
/// failing operation is done or not done, as told; its caller cannot know.
/// </summary>
internal sealed class FaultyStore(ILakeStore inner, int failAt, bool afterDoing) : StoreDecorator(inner)
{
    private int _operations;

    public int Operations => _operations;

    public override ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => Do(() => base.PutIfAbsentAsync(path, content, ct));

    public override async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct) => await Do(async () =>
    {
        await base.PutAsync(path, content, ct);
        return true;
    });

    public override ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct) => Do(() => base.WriteNewAsync(path, write, ct));

    public override async ValueTask DeleteAsync(string path, CancellationToken ct) => await Do(async () =>
    {
        await base.DeleteAsync(path, ct);
        return true;
    });

    private async ValueTask<T> Do<T>(Func<ValueTask<T>> operation)
    {
        var number = Interlocked.Increment(ref _operations);
        if (number > failAt || (number == failAt && !afterDoing))
            throw new IOException($"Operation {number} failed before it was done.");

        var result = await operation();
        return number == failAt ? throw new IOException($"Operation {number} failed after it was done.") : result;
    }
}
