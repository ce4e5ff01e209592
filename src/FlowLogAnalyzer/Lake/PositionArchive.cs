using System.Globalization;
using System.Text;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Storage;

namespace FlowLogAnalyzer.Lake;

/// <summary>
/// Reading positions of dates that are over. They are not in the log any more, whose every checkpoint would repeat them, but
/// in a file per date beside the tables; a domain of the log names the file, so that a version of the table and its
/// positions always belong together (docs/decisions/0007).
/// </summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing that wants disposal.
public sealed class PositionArchive(ILakeStore store)
#pragma warning restore CA1001
{
    /// <summary>Below the lake's root.</summary>
    public const string Folder = "positions/";

    /// <summary>Domains of archived dates are named <c>flowlog.archive/</c> and the date.</summary>
    public const string DomainPrefix = "flowlog.archive/";

    /// <summary>Positions kept in memory, of about half a kilobyte each.</summary>
    private const int MostInMemory = 200_000;

    private static readonly Column[] Columns =
    [
        new("blob", ColumnType.String, false, "The blob's key."),
        new("position", ColumnType.String, false, "Up to where it was read, as in the table's log."),
    ];

    private readonly SealedFiles _files = new(store);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly LinkedList<(string File, IReadOnlyDictionary<string, string> Positions)> _recent = new();

    /// <summary>How far a blob was read, or null when it never was.</summary>
    public ValueTask<BlobPosition?> FindAsync(DeltaSnapshot snapshot, string blobKey, CancellationToken ct) => FindDomainAsync(snapshot, BlobPosition.Domain(blobKey), ct);

    /// <summary>As <see cref="FindAsync"/>, for who has the name of the blob's domain at hand.</summary>
    internal async ValueTask<BlobPosition?> FindDomainAsync(DeltaSnapshot snapshot, string domain, CancellationToken ct)
    {
        if (snapshot.Domains.TryGetValue(domain, out var live))
            return BlobPosition.FromJson(live);
        if (DateOf(domain) is not { } date || Of(snapshot, date) is not { } file)
            return null;
        return (await LoadAsync(file, ct)).TryGetValue(domain[BlobPosition.DomainPrefix.Length..], out var archived) ? BlobPosition.FromJson(archived) : null;
    }

    /// <summary>The snapshot with the archived positions of hours in <paramref name="since"/> to <paramref name="until"/> (UTC) among its domains, as if they had never been archived.</summary>
    public async ValueTask<DeltaSnapshot> RecallAsync(DeltaSnapshot snapshot, DateTime? since = null, DateTime? until = null, CancellationToken ct = default)
    {
        var domains = snapshot.Domains.ToBuilder();
        foreach (var date in Dates(snapshot).Where(d => !(d.ToDateTime(TimeOnly.MaxValue) < since) && !(d.ToDateTime(default) >= until)))
            foreach (var (blob, position) in await LoadAsync(Of(snapshot, date), ct))
                domains.TryAdd(BlobPosition.Domain(blob), position);
        return snapshot with { Domains = domains.ToImmutable() };
    }

    /// <summary>The date of the hour in a blob's key or domain (UTC); null when the key does not tell, and then its position is never archived.</summary>
    internal static DateOnly? DateOf(string blobKey) => FlowLogPath.HourOf(blobKey) is { } hour ? DateOnly.FromDateTime(hour.StartUtc) : null;

    internal static string Domain(DateOnly date) => DomainPrefix + date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string DomainText(ArchiveFile file) => JsonBuffer.Fill(default, (_, w) => file.Write(w), Encoding.UTF8.GetString);

    internal static IEnumerable<DateOnly> Dates(DeltaSnapshot snapshot) => snapshot.Domains.Keys
        .Where(d => d.StartsWith(DomainPrefix, StringComparison.Ordinal))
        .Select(d => DateOnly.ParseExact(d.AsSpan(DomainPrefix.Length), "yyyy-MM-dd", CultureInfo.InvariantCulture))
        .Order();

    /// <summary>What the log says of the file with the positions of a date; null when there is none.</summary>
    internal static ArchiveFile? Of(DeltaSnapshot snapshot, DateOnly date) => snapshot.Domains.TryGetValue(Domain(date), out var text) ? ArchiveFile.Parse(text) : null;

    /// <summary>Positions by blob; empty for no file.</summary>
    internal async ValueTask<IReadOnlyDictionary<string, string>> LoadAsync(ArchiveFile? archive, CancellationToken ct)
    {
        if (archive?.Path is not { } file)
            return new Dictionary<string, string>();

        await _gate.WaitAsync(ct);
        try
        {
            var known = _recent.FirstOrDefault(r => r.File == file);
            if (known.File is null)
                known = (file, await ReadAsync(archive, ct));
            else
                _recent.Remove(known);
            _recent.AddFirst(known);
            while (_recent.Count > 1 && _recent.Sum(r => r.Positions.Count) > MostInMemory)
                _recent.RemoveLast();
            return known.Positions;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes the positions of a date under a new name; nobody sees them before a commit names the file.</summary>
    internal async ValueTask<ArchiveFile> WriteAsync(DateOnly date, IReadOnlyDictionary<string, string> positions, CancellationToken ct)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{Folder}{date:yyyy-MM-dd}-{Guid.NewGuid():N}.parquet");
        var block = BlockRows.Write(Columns, [.. positions.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new object?[] { p.Key, p.Value })]);
        var digest = "";
        var size = await store.WriteNewAsync(path, async (stream, token) =>
        {
            await using var hashed = new DigestStream(stream);
            await using (var writer = await ParquetBlockWriter.CreateAsync(hashed, Columns, global::Parquet.CompressionMethod.Snappy, token))
                await writer.WriteAsync(block, token);
            digest = hashed.Digest;
        }, ct);
        return new ArchiveFile(path, positions.Count) { Size = size, Digest = digest, Rows = positions.Values.Sum(p => BlobPosition.FromJson(p).Rows) };
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadAsync(ArchiveFile file, CancellationToken ct)
    {
        var positions = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await ParquetBlockReader.OpenAsync((await _files.OpenAsync(file.Seal, ct), file.Path), Columns, ct);
        for (var g = 0; g < reader.GroupCount; g++)
            foreach (var row in BlockRows.Read(await reader.ReadAsync(g, ct)))
                positions[(string)row[0]!] = (string)row[1]!;
        return positions.Count == file.Blobs ? positions
            : throw new InvalidDataException($"The file '{file.Path}' of the lake '{store.Location}' holds {positions.Count} reading positions, the log says {file.Blobs}. `flowlog lake verify` says what else is wrong.");
    }
}
