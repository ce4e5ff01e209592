using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Blobs;

/// <summary>A blob as its source listed it: what it is, and which state of it.</summary>
/// <param name="Identity">Who it is in the lake.</param>
/// <param name="Path">How a person finds it: a file path or an address.</param>
/// <param name="Length">Bytes when it was listed.</param>
/// <param name="ETag">Changes with every change of the blob.</param>
/// <param name="LastModified">UTC.</param>
public sealed record SourceBlob(BlobIdentity Identity, string Path, long Length, string ETag, DateTimeOffset LastModified)
{
    /// <summary>
    /// What the source knows about the content without reading it, such as the id of the last data block; equal marks mean
    /// equal content even when the ETag changed. Null when it knows nothing.
    /// </summary>
    public string? Mark { get; init; }

    /// <summary>
    /// A mark of what can be written to a blob besides its content, such as metadata. When it has changed and the length has
    /// not, that explains the other ETag. Null when the source has no such thing.
    /// </summary>
    public string? Properties { get; init; }
}

/// <summary>One line of a listing: a blob, or a place that could not be listed and why (a whole sentence).</summary>
public sealed record SourceEntry(string Path, SourceBlob? Blob, string? Problem)
{
    public static SourceEntry Of(SourceBlob blob) => new(blob.Path, blob, null);

    public static SourceEntry Unreadable(string path, string problem) => new(path, null, problem);
}

/// <summary>Which blob hours to list: since &lt;= hour &lt; until, UTC; blobs without an hour in their path are always listed.</summary>
public sealed record BlobWindow(DateTime? SinceUtc = null, DateTime? UntilUtc = null)
{
    public bool Contains(BlobIdentity blob) =>
        blob.Hour is not { } hour || (!(hour.EndUtc <= SinceUtc) && !(hour.StartUtc >= UntilUtc));
}

/// <summary>
/// Where blobs come from. Only lists and reads: a flow-log blob that is touched while Azure writes it may stop being
/// written (Azure docs, vnet-flow-logs-overview).
/// </summary>
public interface IBlobSource
{
    /// <summary>What the user typed.</summary>
    string Name { get; }

    /// <summary>
    /// Every blob in a fixed order. A folder or container that cannot be listed is an entry, not an exception; only where a
    /// right is missing that no retry brings, the listing throws.
    /// </summary>
    IAsyncEnumerable<SourceEntry> ListAsync(BlobWindow window, CancellationToken ct);

    /// <summary>The present state of a listed blob, or null when it is gone.</summary>
    ValueTask<SourceBlob?> RefreshAsync(SourceBlob blob, CancellationToken ct);

    /// <summary>
    /// The bytes from <paramref name="offset"/> to the listed length, of exactly the listed state. The stream, or opening
    /// it, throws <see cref="BlobChangedException"/> when the blob is no longer in that state (also at the very end).
    /// </summary>
    /// <exception cref="BlobGoneException">The blob does not exist any more.</exception>
    ValueTask<Stream> OpenAsync(SourceBlob blob, long offset, CancellationToken ct);
}

/// <summary>The blob is not the one that was listed: list it again.</summary>
public sealed class BlobChangedException(string path) : IOException($"'{path}' changed while it was read.");

/// <summary>The blob was deleted after it was listed.</summary>
public sealed class BlobGoneException(string path) : IOException($"'{path}' was deleted after it was listed.");
