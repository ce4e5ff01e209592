using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Runs something once, right before the first log entry after version 0 is created through it.</summary>
internal sealed class BeforeCommit(ILakeStore inner, Func<Task> once) : StoreDecorator(inner)
{
    private bool _isDone;

    public override async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        if (!_isDone)
        {
            _isDone = true;
            await once();
        }

        return await base.PutIfAbsentAsync(path, content, ct);
    }
}
