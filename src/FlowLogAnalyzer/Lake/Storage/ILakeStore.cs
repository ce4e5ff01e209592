namespace FlowLogAnalyzer.Lake.Storage;

/// <summary>A file of the lake: its path below the lake's root (with <c>/</c>), bytes, and when it was written.</summary>
public readonly record struct StoredFile(string Path, long Length, DateTimeOffset LastModified);

/// <summary>
/// The few operations a lake needs of its storage. The one that carries correctness is <see cref="PutIfAbsentAsync"/>:
/// of any number of writers of one path, in any number of processes, exactly one gets <c>true</c>, and a reader sees the
/// whole content or nothing. Paths are relative to the lake's root, with <c>/</c>.
/// </summary>
public interface ILakeStore
{
    /// <summary>Where the lake is, for messages.</summary>
    string Location { get; }

    /// <summary>Every file whose path starts with <paramref name="prefix"/>, in ordinal order; none when there is no such folder.</summary>
    IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken ct);

    /// <summary>The whole content, or null when the file is not there.</summary>
    ValueTask<byte[]?> ReadAllAsync(string path, CancellationToken ct);

    /// <summary>A seekable stream.</summary>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    ValueTask<Stream> OpenReadAsync(string path, CancellationToken ct);

    /// <summary>Writes the file unless it exists; true when this call wrote it.</summary>
    ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct);

    /// <summary>Writes the file, replacing what is there in one step.</summary>
    ValueTask PutAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct);

    /// <summary>
    /// Writes a file under a name that nobody else uses; it appears under that name only when <paramref name="write"/> has
    /// ended without an exception. Returns its length in bytes.
    /// </summary>
    ValueTask<long> WriteNewAsync(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken ct);

    /// <summary>Deletes the file; no error when it is not there.</summary>
    ValueTask DeleteAsync(string path, CancellationToken ct);

    /// <summary>The path that a query engine on this machine can open, or null when the lake is remote.</summary>
    string? LocalPath(string path);

    /// <summary>Throws away the copy of a remote file that this machine keeps; true when there was one.</summary>
    bool DropCopy(string path) => false;

    /// <summary>The path of a data file that a query engine on this machine can open, after fetching it when the lake is remote.</summary>
    /// <param name="path">Of a file that never changes.</param>
    /// <param name="length">Bytes it has, when known.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    ValueTask<string> FetchAsync(string path, long? length, CancellationToken ct) =>
        new(LocalPath(path) ?? throw new FileNotFoundException($"'{Location}/{path}' cannot be opened on this machine."));
}
