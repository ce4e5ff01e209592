using System.Runtime.CompilerServices;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>
/// Storage as one process sees it, with the guarantees of Azure Blob Storage and no more: of several writers of a name one wins, and
/// who reads after an answer sees what was written. A request travels, takes effect, and travels back; or does not.
/// </summary>
internal sealed class SimulatedStore(SimulatedFiles files, SimulatedProcess process) : ILakeStore
{
    public string Location => files.Location;

    /// <summary>In pages: the first of them may be older than the last.</summary>
    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var first = await process.RequestAsync(() => files.List(prefix), ct);
        var last = first.Count > 1 && process.Chance(0.3) ? await process.RequestAsync(() => files.List(prefix), ct) : first;
        var turn = first.Count == 0 ? "" : first[process.Random.Next(first.Count)].Path;
        foreach (var file in first.Where(f => string.CompareOrdinal(f.Path, turn) <= 0).Concat(last.Where(f => string.CompareOrdinal(f.Path, turn) > 0)))
            yield return file;
    }

    public async ValueTask<byte[]?> ReadAllAsync(string path, CancellationToken ct) => await process.RequestAsync(() => files.Read(path), ct);

    public async ValueTask<Stream> OpenReadAsync(string path, CancellationToken ct) => await process.RequestAsync(() => files.Open(path), ct);

    /// <summary>The storage client repeats a request whose answer is lost, and then the file is there already.</summary>
    public async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var bytes = content.ToArray();
        var isNew = await process.ChangeAsync(() => files.TryAdd(path, bytes), ct);
        return isNew && !process.FaultWithChance("denied " + path);
    }

    public async ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var bytes = content.ToArray();
        await process.ChangeAsync(() => Done(() => files.Set(path, bytes)), ct);
    }

    public async ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct)
    {
        using var stream = new MemoryStream();
        await write(stream, ct);
        var bytes = stream.ToArray();
        var isNew = await process.ChangeAsync(() => files.TryAdd(path, bytes), ct, () => LeaveHalf(path, bytes));
        return isNew ? bytes.Length : throw new SimulationFault($"Two files have the name '{path}'.");
    }

    public async ValueTask DeleteAsync(string path, CancellationToken ct) => await process.ChangeAsync(() => Done(() => files.Delete(path)), ct);

    public string? LocalPath(string path) => null;

    private static bool Done(Action effect)
    {
        effect();
        return true;
    }

    /// <summary>What a killed writer leaves in a folder.</summary>
    private void LeaveHalf(string path, byte[] bytes)
    {
        if (process.Chance(0.5))
            files.TryAdd(path[..(path.LastIndexOf('/') + 1)] + FolderLakeStore.TemporaryPrefix + Guid.NewGuid().ToString("N"), bytes[..(bytes.Length / 2)]);
    }
}
