using System.Collections.Concurrent;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake.Parquet;

/// <summary>What the log says of a file's bytes: its path below the lake's root, its size and, where its writer noted one, its digest.</summary>
internal readonly record struct FileSeal(string Path, long? Size, string? Digest)
{
    public static FileSeal Of(string folder, AddFile file) => new(folder + file.Path, file.Size, FileDigest.Of(file));
}

/// <summary>
/// Opens files of the lake for whoever reads rows, ours and the query engine, which checks nothing by itself: what is handed out has the
/// size and the bytes that the log speaks of. Files never change, so within a process each is read for this once.
/// </summary>
internal sealed class SealedFiles(ILakeStore store)
{
    private readonly ConcurrentDictionary<string, (long Length, DateTime Written)> _sound = new(StringComparer.Ordinal);

    /// <summary>A seekable stream at its beginning.</summary>
    /// <exception cref="InvalidDataException">The file is missing, damaged or another one.</exception>
    public async ValueTask<Stream> OpenAsync(FileSeal seal, CancellationToken ct)
    {
        var (stream, fault) = await TryOpenAsync(seal, ct);
        if (stream is null && store.DropCopy(seal.Path))
            (stream, fault) = await TryOpenAsync(seal, ct); // what was wrong was our copy
        return stream ?? throw Unusable(seal.Path, fault!);
    }

    /// <summary>The path of the file on this machine, after fetching it when the lake is remote.</summary>
    /// <exception cref="InvalidDataException">The file is missing, damaged or another one.</exception>
    public async ValueTask<string> FetchAsync(FileSeal seal, CancellationToken ct)
    {
        var (path, fault) = await TryFetchAsync(seal, ct);
        if (path is null && store.DropCopy(seal.Path))
            (path, fault) = await TryFetchAsync(seal, ct);
        return path ?? throw Unusable(seal.Path, fault!);
    }

    /// <summary>What is wrong with the file, as the end of a sentence that begins with its name; null when nothing is.</summary>
    public async ValueTask<string?> FindFaultAsync(FileSeal seal, CancellationToken ct)
    {
        store.DropCopy(seal.Path);
        var (stream, fault) = await TryOpenAsync(seal, ct);
        if (stream is not null)
            await stream.DisposeAsync();
        return fault;
    }

    private async ValueTask<(Stream? Stream, string? Fault)> TryOpenAsync(FileSeal seal, CancellationToken ct)
    {
        Stream stream;
        try
        {
            stream = await store.OpenReadAsync(seal.Path, ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, "is not there");
        }

        if (await FaultAsync(stream, seal, ct) is not { } fault)
            return (stream, null);
        await stream.DisposeAsync();
        return (null, fault);
    }

    private async ValueTask<(string? Path, string? Fault)> TryFetchAsync(FileSeal seal, CancellationToken ct)
    {
        FileInfo file;
        try
        {
            file = new FileInfo(await store.FetchAsync(seal.Path, seal.Size, ct));
        }
        catch (FileNotFoundException)
        {
            return (null, "is not there");
        }

        if (!file.Exists)
            return (null, "is not there");
        if (file.Length == seal.Size && _sound.TryGetValue(seal.Path, out var known) && known == (file.Length, file.LastWriteTimeUtc))
            return (file.FullName, null);

        await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        if (await FaultAsync(stream, seal, ct) is { } fault)
            return (null, fault);
        _sound[seal.Path] = (file.Length, file.LastWriteTimeUtc);
        return (file.FullName, null);
    }

    /// <summary>The stream stands at its beginning afterwards. Without a digest the checksums of the pages have to do.</summary>
    private static async ValueTask<string?> FaultAsync(Stream stream, FileSeal seal, CancellationToken ct)
    {
        if (seal.Size is { } size && stream.Length != size)
            return $"has {stream.Length} bytes, the log says {size}";

        stream.Position = 0;
        var isSound = seal.Digest is { } digest && await FileDigest.OfAsync(stream, ct) == digest;
        var damage = isSound ? null : await DamageAsync(stream, seal, ct);
        stream.Position = 0;
        return damage;
    }

    private static async ValueTask<string?> DamageAsync(Stream stream, FileSeal seal, CancellationToken ct)
    {
        using var decoder = new TupleFileDecoder();
        var damage = await decoder.FindDamageAsync(stream, ct);
        return damage is not null ? $"is damaged: {damage}"
            : seal.Digest is null ? null : "is not the file that was written: its bytes have another digest than the log says";
    }

    private InvalidDataException Unusable(string path, string fault) => new(
        $"The file '{path}' of the lake '{store.Location}' {fault}. `flowlog lake verify` says what else is wrong, `flowlog lake repair` has its rows read again.");
}
